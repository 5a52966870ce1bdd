// Counts as one types, and fetches suggested kinds and similar reports after a pause; similar ones also when another kind
// is chosen. Choices made stay.

const form = document.querySelector("form[data-draft]");
const words = document.querySelector("[data-words]");
const count = document.querySelector("[data-count]");
const kinds = document.querySelector("[data-kinds]");
const onwards = document.querySelector("[data-onwards]");
const number = new Intl.NumberFormat(document.documentElement.lang);
let timer = 0;
let running = null;
let touched = Boolean(kinds.querySelector(":checked")) && words.value === words.defaultValue && "then" in form.elements && form.elements.then.value === "check";

async function suggest({ kindsToo }) {
  running?.abort();
  running = new AbortController();
  const data = new FormData(form);
  if (!touched) data.delete("category");
  try {
    const answer = await fetch(words.dataset.suggestUrl, { method: "POST", body: data, signal: running.signal });
    if (!answer.ok) return;
    const inside = kinds.contains(document.activeElement) ? document.activeElement.value : "";
    const came = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (kindsToo) kinds.replaceChildren(...came.body.childNodes);
    else kinds.querySelector("[data-similar]").replaceWith(came.querySelector("[data-similar]"));
    onwards.textContent = kinds.querySelector("#similar") ? onwards.dataset.other : onwards.dataset.plain;
    if (inside) kinds.querySelector(`[value="${CSS.escape(inside)}"]`)?.focus();
  } catch {
    // No signal: the plain list stays.
  }
}

words.addEventListener("input", () => {
  count.textContent = number.format(words.value.length);
  clearTimeout(timer);
  timer = setTimeout(suggest, 700, { kindsToo: true });
});

kinds.addEventListener("change", (event) => {
  if (event.target.name !== "category") return;
  touched = true;
  suggest({ kindsToo: false });
});
