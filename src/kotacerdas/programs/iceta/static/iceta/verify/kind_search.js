// The search of "Other category": it has the focus once the list opens, and Enter takes the first kind that is left.
// Without this script the list is whole and the search is hidden.

const found = (box) => [...box.closest("details").querySelectorAll("label.tick")];
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N} ]/gu, "");

function narrow(box) {
  const words = plain(box.value).split(" ").filter(Boolean);
  for (const one of found(box)) one.hidden = !words.every((word) => plain(one.textContent).includes(word));
}

function opened({ target }) {
  const box = target.open && target.matches(".verify-all") ? target.querySelector("#kind-search") : null;
  if (!box) return;
  box.hidden = false;
  box.focus();
}

function enter(event) {
  if (event.target.id !== "kind-search" || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  if (event.target.value.trim()) found(event.target).find((one) => !one.hidden)?.querySelector("input").click();
}

export function start() {
  document.addEventListener("toggle", opened, true);
  document.addEventListener("keydown", enter, true);
  document.addEventListener("input", ({ target }) => { if (target.id === "kind-search") narrow(target); });
  // What is only searched for changes nothing in the disposition.
  document.addEventListener("change", (event) => { if (event.target.id === "kind-search") event.stopPropagation(); }, true);
}
