// The known caller's village as the place, by one key (Alt+0) or its button: its name is searched and taken.

const button = () => document.querySelector("#caller [data-village]");

export const show = () => button()?.removeAttribute("hidden");

// `places` gives the options of what is typed, or calls back once they are here; `choose` takes one.
export function take(text, places, choose) {
  const { village, name } = button()?.dataset ?? {};
  if (!village) return false;
  text.value = name;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  const choosing = () => {
    const found = places(choosing).find((one) => one.value === village);
    if (found) choose(found);
  };
  choosing();
  return true;
}
