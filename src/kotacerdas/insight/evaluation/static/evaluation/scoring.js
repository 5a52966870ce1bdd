// Keys of the panel: 1 to 4 choose a level, with Shift the half above it; Ctrl+Enter stores.

const form = document.querySelector("#nilai");

addEventListener("keydown", (event) => {
  if (!form) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-ctrl-enter]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return;
  const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
  if (!digit) return;
  const wanted = event.shiftKey ? `${digit}.5` : digit;
  const choice = form.querySelector(`input[name="value"][value="${wanted}"]:not(:disabled)`);
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  choice.focus();
  choice.dispatchEvent(new Event("input", { bubbles: true }));
});
