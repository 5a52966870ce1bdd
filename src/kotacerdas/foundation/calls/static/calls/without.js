// A call without a report: the key opens the menu at its first button, arrows move within it, Escape leads back to
// where one was. Without this file it is a menu for the mouse and Tab.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export function start(form) {
  const menu = form.querySelector("[data-menu]");
  const buttons = [...menu.querySelectorAll("button")];
  const summary = menu.querySelector("summary");
  let from = summary;

  const close = () => {
    menu.open = false;
    from.focus();
  };
  summary.addEventListener("click", (event) => {
    event.preventDefault();
    if (menu.open) return close();
    from = form.contains(document.activeElement) ? document.activeElement : summary;
    menu.open = true;
    buttons[0].focus();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) close();
    else if (event.key in STEPS && menu.open) {
      const next = buttons.indexOf(document.activeElement) + STEPS[event.key];
      buttons.at(next % buttons.length).focus();
    } else return;
    event.preventDefault();
  });
}
