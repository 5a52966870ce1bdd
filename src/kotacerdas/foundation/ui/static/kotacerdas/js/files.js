// A field for files shows a button; the names of what was chosen stand beside it. Photos are made smaller before the form
// goes: five as a phone takes them are more than one form may carry.

const LARGE = 1024 * 1024;
const busy = new WeakMap(); // field: the work on what was chosen last

async function shrink(input) {
  const { smaller } = await import("./smaller.js");
  const chosen = [...input.files];
  const made = new DataTransfer();
  for (const file of chosen) {
    const small = file.size > LARGE ? await smaller(file) : file;
    made.items.add(small === file ? file : new File([small], file.name, { type: small.type }));
  }
  const isSame = chosen.length === input.files.length && chosen.every((file, at) => file === input.files[at]);
  if (isSame) input.files = made.files;
}

function onChange({ target }) {
  if (!target.matches("input[type=file][accept^=image]:not([data-pick])")) return;
  const said = target.closest(".file")?.nextElementSibling;
  if (said?.matches("[data-chosen]")) said.textContent = [...target.files].map((file) => file.name).join(", ");
  if (![...target.files].some((file) => file.size > LARGE)) return;
  const work = shrink(target).catch(() => {}).finally(() => busy.get(target) === work && busy.delete(target));
  busy.set(target, work);
}

// A form whose photos are still being made smaller waits for them, then goes as it was sent.
async function onSubmit(event) {
  const waiting = [...event.target.elements].map((field) => busy.get(field)).filter(Boolean);
  if (!waiting.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await Promise.all(waiting);
  event.target.requestSubmit(event.submitter);
}

export function start() {
  document.addEventListener("change", onChange);
  document.addEventListener("submit", onSubmit, true);
}
