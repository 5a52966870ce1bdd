// Single-letter shortcuts: [data-key="s"] is pressed by S, only while no field has focus.
// "/" goes to the search; Escape leaves the field, or the bulk step, or an open menu.

const isField = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])"));

const shown = (element) => element.getClientRects().length > 0 && !element.disabled;

function press(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const target = [...document.querySelectorAll(wanted)].find(shown);
  if (!target) return false;
  if (isField(target)) target.focus();
  else target.click();
  return true;
}

function leave(event) {
  const open = document.querySelector("details[name][open], .thumb details[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (isField(event.target)) {
    event.target.blur();
  } else {
    [...document.querySelectorAll("[data-escape]")].find(shown)?.click();
  }
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && event.ctrlKey && event.target.form?.matches("[data-ctrl-enter]")) {
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return leave(event);
    if (isField(event.target) && !/^F\d+$/.test(event.key)) return;
    const search = event.key === "/" && document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (press(event.key.toLowerCase())) {
      event.preventDefault();
    }
  });
}
