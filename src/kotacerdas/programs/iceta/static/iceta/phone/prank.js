// A prank is one key, unless a story would be lost or not even a number is known: then the first press only asks.
// The server asks the same of whoever comes without this file.

function need({ words, phone }) {
  if (words.value.trim()) return "story";
  return phone.value.trim() ? "" : "number";
}

function ask(form, asked) {
  form.elements.sure.value = asked;
  for (const note of form.querySelectorAll("[data-asks]")) note.hidden = note.dataset.asks !== asked;
}

export function start(form) {
  form.querySelector("[data-prank]").addEventListener("click", (event) => {
    const asked = need(form.elements);
    if (!asked || form.elements.sure.value === asked) return;
    event.preventDefault();
    ask(form, asked);
    if (asked === "number") form.elements.phone.focus();
  });
  form.addEventListener("input", () => ask(form, ""));
}
