// The queue by keyboard: J/K move, X picks, Enter opens; the case opens beside the list, which does not move.
// Without this script every row is a link and every step a form.

import { focusIn, keepCaret } from "./caret.js";
import { keepDrafts } from "./drafts.js";
import { hearAnswers } from "./answers.js";

const wide = matchMedia("(min-width: 1100px)");
const picked = new Set();
const list = () => document.getElementById("queue");
const rows = () => [...list().querySelectorAll("tr[data-number]")];
const isField = (element) => element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
let came = true; // whether the last case asked for was shown
let at = document.querySelector("tr.open")?.dataset.number ?? "";

function mark() {
  for (const row of rows()) {
    const box = row.querySelector("input[name=number]");
    row.classList.toggle("open", row.dataset.number === at);
    row.classList.toggle("picked", box.checked);
    const link = row.querySelector("a[data-open]");
    if (row.dataset.number === at) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function bulk() {
  const chosen = rows().filter((row) => row.querySelector("input[name=number]").checked);
  document.querySelector("[data-picked]").textContent = chosen.length;
  for (const part of document.querySelectorAll("[data-bulk] [data-step]")) {
    part.hidden = !chosen.every((row) => row.dataset.steps.split(" ").includes(part.dataset.step));
  }
  document.querySelector("[data-none]").hidden = Boolean(document.querySelector("[data-bulk] [data-step]:not([hidden])"));
  const every = document.querySelector("[data-pick-all]");
  if (every) every.checked = chosen.length > 0 && chosen.length === rows().length;
}

function remember() {
  picked.clear();
  for (const box of list().querySelectorAll("input[name=number]:checked")) picked.add(box.value);
  mark();
  bulk();
}

// A case that did not come leaves row and address at the one that is shown.
async function open(link) {
  const before = at;
  at = link.closest("tr").dataset.number;
  mark();
  const wanted = { target: "#pane", swap: "outerHTML show:none", source: "#pane" };
  await window.htmx.ajax("GET", link.href, wanted).catch(() => null);
  if (came) history.replaceState(null, "", link.href);
  else {
    at = before;
    mark();
  }
}

function move(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.dataset.number === at);
  const next = all[Math.min(all.length - 1, Math.max(0, now + by))];
  next.scrollIntoView({ block: "nearest" });
  const link = next.querySelector("a[data-open]");
  link.focus({ preventScroll: true });
  if (wide.matches) open(link);
  else {
    at = next.dataset.number;
    mark();
  }
}

// The newest words of a person, with what happened since below them.
function toLastWords() {
  const story = document.getElementById("case-story");
  if (!story || "fromTop" in story.dataset) return;
  const words = [...story.querySelectorAll(".timeline > li:has(.speech)")].at(-1);
  story.scrollTop += words ? words.getBoundingClientRect().top - story.getBoundingClientRect().top : story.scrollHeight;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  else if (key === "x") {
    const box = rows().find((row) => row.dataset.number === at)?.querySelector("input[name=number]");
    if (!box) return;
    box.checked = !box.checked;
    remember();
  } else return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) {
    for (const box of list().querySelectorAll("input[name=number]")) box.checked = event.target.checked;
  }
  if (event.target.closest("#queue")) remember();
});
document.addEventListener("reset", () => setTimeout(remember));

// A fresh list from the stream keeps what was picked and which row is open.
document.addEventListener("live:swapped", (event) => {
  if (event.target.id !== "queue") return;
  for (const box of list().querySelectorAll("input[name=number]")) box.checked = picked.has(box.value);
  mark();
  bulk();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.requestConfig?.verb === "get") came = detail.successful;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "pane") return;
  toLastWords();
  focusIn(event.target);
});

// After a step the list and its counts are asked for again, and only they.
document.addEventListener("desk:taken", async () => {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["queue", "queue-total", "queue-chips", "side"]) {
    const next = fresh.getElementById(id);
    if (!next || !document.getElementById(id)) continue;
    document.getElementById(id).replaceWith(document.adoptNode(next));
    document.getElementById(id).dispatchEvent(new CustomEvent("live:swapped", { bubbles: true }));
  }
});

hearAnswers();
keepDrafts();
keepCaret();
remember();
toLastWords();
focusIn(document);
if (wide.matches && !at) {
  const first = list().querySelector("a[data-open]");
  if (first) open(first);
}
