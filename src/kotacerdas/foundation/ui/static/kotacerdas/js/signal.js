// Without a signal a form that the browser sends itself would leave the page for the browser's own error, with all that
// was typed. The press is stopped before anything else hears of it, and said in the words of the page's [data-no-signal].

import { show } from "./toast.js";

let said = null;

function hide() {
  said?.remove();
  said = null;
}

function onSubmit(event) {
  const words = document.querySelector("[data-no-signal]")?.dataset.noSignal;
  if (navigator.onLine || !words) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  hide();
  said = show(words, "terasi");
}

export function start() {
  document.addEventListener("submit", onSubmit, true);
  addEventListener("online", hide);
}
