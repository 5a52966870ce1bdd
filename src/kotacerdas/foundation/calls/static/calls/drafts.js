// Calls that were interrupted. They stay in this tab's own storage and are gone when the tab is closed:
// a desk's computer is shared, and a draft holds a number and a name. Each agent sees their own alone.

import { put } from "./caller.js";
import * as timer from "./timer.js";

const KEY = "kotacerdas.calls";
const MOST = 5;
const NOT_TOLD = new Set(["csrfmiddlewaretoken", "sure", "near", "cari", "person"]);
const named = (form, kind) => [...form.elements].filter((field) => field.name && !NOT_TOLD.has(field.name) && field.matches(kind));
const TICK = "[type=checkbox]";
const RADIO = "[type=radio]";
const TEXT = "input:not([type=checkbox], [type=radio]), textarea";

const read = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
const write = (list) => sessionStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
const holds = (draft) => Boolean(draft.words?.trim() || draft.phone?.trim());

export function gather(form) {
  timer.write();
  const draft = Object.fromEntries(named(form, TEXT).map(({ name, value }) => [name, value]));
  for (const { name, checked } of named(form, TICK)) draft[name] = checked;
  draft.chosen = Object.fromEntries(named(form, `${RADIO}:checked`).map(({ name, value }) => [name, value]));
  draft.filled = "filled" in form.elements.name.dataset;
  draft.agent = form.dataset.agent;
  return draft;
}

// What may be chosen is fetched anew; until it is here, a hidden radio keeps what was chosen.
function choose(form, name, value) {
  const here = named(form, RADIO).find((one) => one.name === name && one.value === value);
  if (here) return (here.checked = true);
  const box = form.querySelector(`[data-radios="${name}"]`);
  if (!box) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name, value, checked: true, hidden: true });
  box.append(input);
}

export function fill(form, draft) {
  for (const input of named(form, RADIO)) input.checked = false;
  for (const field of named(form, TEXT)) field.value = draft[field.name] ?? "";
  for (const field of named(form, TICK)) field.checked = Boolean(draft[field.name]);
  for (const [name, value] of Object.entries(draft.chosen ?? {})) choose(form, name, value);
  for (const field of named(form, "[hx-post]")) field.dispatchEvent(new Event("input", { bubbles: true }));
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
  const isOwn = ({ agent, jadi }) => agent === form.dataset.agent && (jadi ?? form.elements.jadi.value) === form.elements.jadi.value;
  const kept = read().filter(isOwn);
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
