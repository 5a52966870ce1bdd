// Counts as one types, and fetches suggested kinds and similar reports after a pause. Choices made stay.

const form = document.querySelector("form[data-draft]");
const words = document.querySelector("[data-words]");
const count = document.querySelector("[data-count]");
const kinds = document.querySelector("[data-kinds]");
const number = new Intl.NumberFormat(document.documentElement.lang);
let timer = 0;
let running = null;
let touched = Boolean(kinds.querySelector(":checked")) && words.value === words.defaultValue && "then" in form.elements && form.elements.then.value === "check";

async function suggest() {
  running?.abort();
  running = new AbortController();
  const data = new FormData(form);
  if (!touched) data.delete("category");
  try {
    const answer = await fetch(words.dataset.suggestUrl, { method: "POST", body: data, signal: running.signal });
    if (!answer.ok) return;
    const inside = kinds.contains(document.activeElement) ? document.activeElement.value : "";
    kinds.innerHTML = await answer.text();
    if (inside) kinds.querySelector(`[value="${CSS.escape(inside)}"]`)?.focus();
  } catch {
    // No signal: the plain list stays.
  }
}

words.addEventListener("input", () => {
  count.textContent = number.format(words.value.length);
  clearTimeout(timer);
  timer = setTimeout(suggest, 700);
});

kinds.addEventListener("change", (event) => {
  if (event.target.name === "category") touched = true;
});
