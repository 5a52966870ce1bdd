// What was typed into the reply box or a step's form stays with its case and step in this tab until the server
// says that the step was taken, whatever is opened, reloaded or signed in to meanwhile. The form's key stays with it:
// words that were taken already, their answer lost, are not sent twice. Photos are not kept.

const FORM = "form[data-draft]";
const name = (draft) => `desk.draft.${draft}`;
const fields = (form) => [...form.elements].filter((field) => field.matches("textarea, select"));
const forget = (draft) => draft && sessionStorage.removeItem(name(draft));

// Tells the server that these words come back by themselves: whoever is signed out signs in at once.
function mark(form) {
  if (form.elements.kept_here) return;
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "kept_here", value: "1" }));
}

// Words that were meant for inside never come back into a box that offers no inside.
function address(form, audience) {
  const choice = form.querySelector(`input[name=audience][value="${audience}"]`);
  if (choice?.type === "radio") choice.checked = true;
  return Boolean(choice) || audience !== "inside";
}

function restore() {
  for (const form of document.querySelectorAll(FORM)) {
    const kept = sessionStorage.getItem(name(form.dataset.draft));
    if (!kept || fields(form).some((field) => field.value)) continue;
    const { audience, key, ...typed } = JSON.parse(kept);
    if (!address(form, audience)) continue;
    if (key) form.elements.key.value = key;
    for (const field of fields(form)) field.value = typed[field.name] ?? "";
    mark(form);
  }
}

function keep(event) {
  const form = event.target.form;
  if (!form?.matches(FORM)) return;
  const typed = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  if (!Object.values(typed).some(Boolean)) return forget(form.dataset.draft);
  const audience = new FormData(form).get("audience") ?? "";
  mark(form);
  sessionStorage.setItem(name(form.dataset.draft), JSON.stringify({ audience, key: form.elements.key.value, ...typed }));
}

function names(event) {
  const words = event.target.closest?.("label")?.querySelector("[data-photos]");
  if (event.target.type === "file" && words && event.target.files.length) {
    words.textContent = [...event.target.files].map((file) => file.name).join(", ");
  }
}

// Heard at the request itself: the form may have left the page by the time its answer comes.
function hear({ detail: { xhr } }) {
  xhr.addEventListener("load", () => {
    const told = JSON.parse(xhr.getResponseHeader("HX-Trigger") ?? "{}");
    forget(told["desk:taken"]?.draft);
  });
}

export function keepDrafts() {
  for (const taken of document.querySelectorAll("[data-taken]")) forget(taken.dataset.taken);
  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  document.addEventListener("change", names);
  document.addEventListener("htmx:beforeSend", hear);
  document.addEventListener("htmx:afterSettle", restore);
  restore();
}
