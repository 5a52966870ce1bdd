// After a save that was not taken the caret stands where it stood in the field; else the focus goes to what the page says.

const KEY = "desk.caret";
const WRONG = "[data-focus], [aria-invalid=true]";

function keep({ target }) {
  if (!target.matches("form[data-draft]")) return;
  const active = document.activeElement;
  const field = active.form === target && active.matches("textarea") ? active : target.querySelector("textarea");
  if (!field?.id) return;
  sessionStorage.setItem(KEY, JSON.stringify({ id: field.id, from: field.selectionStart, to: field.selectionEnd }));
}

// Back to the caret inside what came; whether it was kept for it.
function back(inside) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  const field = kept && inside.querySelector(WRONG) && inside.querySelector(`textarea#${CSS.escape(kept.id)}`);
  if (!field?.value) return false;
  field.focus();
  field.setSelectionRange(kept.from, kept.to);
  return true;
}

export function focusIn(inside) {
  if (!back(inside)) inside.querySelector("[data-focus], [data-step-form] :is(textarea, select)")?.focus();
}

export function keepCaret() {
  document.addEventListener("submit", keep, true);
}
