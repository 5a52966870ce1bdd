// A field for files shows a button; the names of what was chosen stand beside it.

export function start() {
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".file input")) return;
    const said = event.target.closest(".file").nextElementSibling;
    if (said?.matches("[data-chosen]")) said.textContent = [...event.target.files].map((file) => file.name).join(", ");
  });
}
