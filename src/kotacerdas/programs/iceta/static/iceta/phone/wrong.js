// What the server marked as wrong goes once that question is answered; whether it is right is the server's to say.

const isNumber = (text) => /^(\+?62|0)\d{8,13}$/.test(text.replace(/[^\d+]/g, ""));

const ANSWERED = {
  phone: (form) => !form.elements.phone.value.trim() || isNumber(form.elements.phone.value),
  words: (form) => Boolean(form.elements.words.value.trim()),
  category: (form) => Boolean(form.querySelector("[name=category]:checked")),
  place: (form) => Boolean(form.querySelector("[name=place]:checked")),
};

function take(form, name) {
  const note = document.getElementById(`${name}-error`);
  if (!note || !ANSWERED[name](form)) return;
  const box = note.closest(".wrong");
  for (const field of form.querySelectorAll(`[aria-describedby="${note.id}"]`)) {
    field.removeAttribute("aria-describedby");
    field.removeAttribute("aria-invalid");
  }
  note.remove();
  if (!box.querySelector("[id$=-error]")) box.classList.remove("wrong");
  if (!form.querySelector("[id$=-error]")) form.querySelector("[data-wrong]")?.remove();
}

export function start(form) {
  for (const event of ["input", "change"]) {
    form.addEventListener(event, ({ target }) => { if (target.name in ANSWERED) take(form, target.name); });
  }
  form.addEventListener("filled", () => Object.keys(ANSWERED).forEach((name) => take(form, name)));
}
