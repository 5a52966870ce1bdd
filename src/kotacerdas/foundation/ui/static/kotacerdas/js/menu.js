// Open menus (<details name>) close when one clicks elsewhere; a list of errors takes the focus once.

export function start() {
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details[name][open], .thumb details[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.querySelector("[data-focus]")?.focus();
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
}
