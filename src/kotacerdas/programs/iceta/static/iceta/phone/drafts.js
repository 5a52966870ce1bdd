// Calls that were interrupted. They stay in this tab's own storage and are gone when the tab is closed:
// a desk's computer is shared, and a draft holds a number and a name. Each agent sees their own alone.

import { put } from "./caller.js";
import * as timer from "./timer.js";

const KEY = "kotacerdas.calls";
const MOST = 5;
const NAMES = ["phone", "words", "category", "place", "place_text", "name", "urgency", "seconds", "key", "resumed"];
const TICKS = ["is_secret", "is_anonymous"];

const read = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
const write = (list) => sessionStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
const holds = (draft) => Boolean(draft.words.trim() || draft.phone.trim());

export function gather(form) {
  timer.write();
  const given = new FormData(form);
  const draft = Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ""]));
  for (const name of TICKS) draft[name] = given.get(name) === "on";
  draft.filled = "filled" in form.elements.name.dataset;
  draft.agent = form.dataset.agent;
  return draft;
}

function radio(box, name, value) {
  if (!value) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name, value, checked: true, hidden: true });
  box.append(input);
}

// The fragments are fetched anew; until they are here, hidden radios keep what was chosen.
export function fill(form, draft) {
  for (const input of form.querySelectorAll("[name=category], [name=place], [name=urgency]")) input.checked = false;
  for (const name of ["phone", "words", "place_text", "seconds", "key", "resumed"]) form.elements[name].value = draft[name] ?? "";
  for (const name of TICKS) form.elements[name].checked = draft[name];
  radio(document.getElementById("kinds"), "category", draft.category);
  radio(document.getElementById("places").firstElementChild, "place", draft.place);
  const urgency = document.getElementById(`urgency-${draft.urgency}`);
  if (urgency) urgency.checked = true;
  for (const id of ["phone", "words", "place_text"]) {
    document.getElementById(id).dispatchEvent(new Event("input", { bubbles: true }));
  }
  put(form.elements.name, draft.name, draft.filled);
  timer.resume();
  form.dispatchEvent(new Event("filled"));
  form.dispatchEvent(new Event("change", { bubbles: true }));
  document.getElementById("words").focus();
}

function resume(form, draft) {
  const now = gather(form); // the call that is being typed waits in its place
  const rest = read().filter((one) => one.key !== draft.key);
  write(holds(now) ? [now, ...rest] : rest);
  fill(form, draft);
  show(form);
}

function line(form, draft, words) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link", textContent: words });
  button.addEventListener("click", () => resume(form, draft));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

// The key that goes on with the newest, shown in its button.
function key(button) {
  const cap = document.createElement("kbd");
  cap.textContent = "F8";
  button.dataset.key = "f8";
  button.append(" ", cap);
}

function show(form) {
  const box = form.querySelector("[data-drafts]");
  const list = box.querySelector("[data-drafts-list]");
  const kept = read().filter((draft) => draft.agent === form.dataset.agent);
  box.hidden = kept.length === 0;
  list.replaceChildren(...kept.map((draft) => line(
    form, draft, `${box.dataset.resume}: ${draft.name || draft.phone || "…"} ${draft.words.slice(0, 40)}`,
  )));
  if (kept.length) key(list.querySelector("button"));
}

export function add(form, draft) {
  write([draft, ...read()]);
  show(form);
}

// `kept` is called once the call waits among the drafts.
export function start(form, kept) {
  const keep = form.querySelector("[data-draft]");
  keep.hidden = false;
  keep.addEventListener("click", () => {
    const draft = gather(form);
    if (!holds(draft)) return;
    add(form, draft);
    kept();
    location.assign(location.pathname);
  });
  show(form);
}
