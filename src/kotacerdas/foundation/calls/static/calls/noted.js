// A call is noted without a report by one key, unless a story would be lost, or a prank has not even a number: then
// the first press only asks. The server asks the same of whoever comes without this file.

function need({ words, phone }, outcome) {
  if (words.value.trim() && outcome !== "abandoned") return "story"; // a broken call keeps its story
  return outcome === "prank" && !phone.value.trim() ? "number" : "";
}

function ask(form, asked) {
  form.elements.sure.value = asked;
  for (const note of form.querySelectorAll("[data-asks]")) note.hidden = note.dataset.asks !== asked;
}

export function start(form) {
  for (const button of form.querySelectorAll('[name="outcome"]')) {
    button.addEventListener("click", (event) => {
      const asked = need(form.elements, button.value);
      if (!asked || form.elements.sure.value === asked) return;
      event.preventDefault();
      ask(form, asked);
      if (asked === "number") form.elements.phone.focus();
    });
  }
  form.addEventListener("input", () => ask(form, ""));
}
