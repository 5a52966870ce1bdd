// The keys of the bar of decisions: one Escape closes an open reason, and G merges only into what is in sight.

const OPEN_MENU = "details[name][open], .thumb details[open]";
const shownTwin = () => document.querySelector(".verify-twin[aria-current]");

let closed = null;

function keep(event) {
  const bar = event.detail.target;
  if (bar?.id === "decide-bar" && !bar.querySelector("form")) closed = bar.cloneNode(true);
}

// Before the desk's own keys, which would leave the field first. The bar comes back at once, not from the server.
function escape(event) {
  const bar = document.querySelector("#decide-bar:has([data-escape])");
  if (!bar || document.querySelector(OPEN_MENU)) return;
  event.preventDefault();
  document.activeElement.blur();
  if (!closed) return bar.querySelector("[data-escape]").click();
  const back = closed.cloneNode(true);
  bar.replaceWith(back);
  window.htmx?.process(back);
}

function isSeen(element) {
  const box = element.getBoundingClientRect();
  const edge = (selector, side) => document.querySelector(selector)?.getBoundingClientRect()[side];
  const top = Math.max(0, edge(".verify-body", "top") ?? 0, edge("header.bar", "bottom") ?? 0);
  const bottom = Math.min(innerHeight, edge(".verify-body", "bottom"), edge("#decide-bar", "top"));
  return Math.min(box.bottom, bottom) - Math.max(box.top, top) >= box.height / 2;
}

// A click that no hand made is the key's.
function merge(event) {
  const button = event.isTrusted ? null : event.target.closest?.("[data-key=g]");
  const twin = button && shownTwin();
  if (!twin || isSeen(twin)) return;
  event.preventDefault();
  twin.scrollIntoView({ block: "center", behavior: "instant" });
  twin.focus({ preventScroll: true });
}

function key(event) {
  if (event.isComposing) return;
  if (event.key === "Escape") escape(event);
  else if (event.repeat && event.key.toLowerCase() === "g" && !event.target.matches("input, textarea, select")) {
    event.preventDefault();
  }
}

export function start() {
  document.addEventListener("keydown", key, true);
  document.addEventListener("click", merge, true);
  document.addEventListener("htmx:beforeRequest", keep);
}
