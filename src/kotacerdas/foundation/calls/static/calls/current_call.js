// The call under way survives a reload: what is typed stays in this tab until the report is stored, the call is
// noted or the desk is cleared; the server names the calls that are done. It belongs to the agent who typed it.

import * as drafts from "./drafts.js";

const KEY = "kotacerdas.call";
const NOT_TOLD = ["seconds", "key", "resumed", "jadi", "agent"];

let isCleared = false; // on a slow line the page outlives its clearing, and keeps nothing any more

const read = () => JSON.parse(sessionStorage.getItem(KEY) ?? "null");

export const forget = () => sessionStorage.removeItem(KEY);

function save(form) {
  if (isCleared) return;
  const call = drafts.gather(form);
  const told = Object.entries(call).some(([name, value]) => typeof value === "string" && !NOT_TOLD.includes(name) && value.trim());
  if (told || Object.keys(call.chosen).length) sessionStorage.setItem(KEY, JSON.stringify(call));
  else forget();
}

// A page that came with another caller's number, or is typed into already, is a new call: the one before waits
// among the drafts.
function restore(form, call) {
  const { phone, words } = form.elements;
  if ((phone.value && phone.value !== call.phone) || words.value) {
    drafts.add(form, call);
    return save(form);
  }
  drafts.fill(form, call);
  form.querySelector("[data-reopened]").hidden = false;
}

function clear() {
  isCleared = true;
  forget();
  location.assign(location.pathname);
}

export function start(form) {
  const call = read();
  if (form.dataset.done.split(" ").includes(call?.key) || call?.agent !== form.dataset.agent) forget();
  form.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("input", () => save(form));
  form.addEventListener("change", () => save(form));
  if (!("fresh" in form.dataset)) return save(form);
  // htmx must know the fields first, or it takes what is put back for what was there all along.
  const kept = read();
  if (kept) document.addEventListener("DOMContentLoaded", () => setTimeout(restore, 0, form, kept));
}
