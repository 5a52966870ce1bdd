// The call form by keyboard alone. Enter goes on to the next question, digits choose a kind (with Alt from within the story), F2 means
// emergency, F4 keeps a draft in this browser, Ctrl+Enter sends from anywhere. Without this file the form
// still works: every choice is a radio button, every note a submit button.

import * as drafts from "./drafts.js";
import * as timer from "./timer.js";

const form = document.getElementById("call");
const field = (id) => document.getElementById(id);
const checked = (name) => form.querySelector(`[name="${name}"]:checked`);
const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));

let lastKey = "";
let urgencyByHand = Boolean(checked("urgency"));
let takeFirst = false;
let sent = false;

function focusGroup(group) {
  (group.querySelector("input:checked") ?? group.querySelector("input") ?? group).focus();
}

function choose(radio) {
  radio.checked = true;
  changed(radio);
}

function takePlace() {
  const list = field("places").querySelector(".call-places");
  const input = field("place_text");
  if (!input.value.trim()) return input.focus();
  if (list.dataset.asked !== input.value) {
    takeFirst = true; // the answer is still on its way
    return;
  }
  takeFirst = false;
  const first = list.querySelector("input");
  if (first) {
    if (!list.querySelector("input:checked")) choose(first);
    field("name").focus();
  }
}

// Where Enter leads from each field.
function goOn(target) {
  if (target.id === "phone") field("words").focus();
  else if (target.id === "words" || target.id === "cari") focusGroup(field("kinds"));
  else if (target.name === "category") field("place_text").focus();
  else if (target.id === "place_text") takePlace();
  else if (target.name === "place") field("name").focus();
  else if (target.id === "name" || target.type === "checkbox") focusGroup(field("urgency"));
  else if (target.name === "urgency") form.querySelector("[data-send]").focus();
  else return false;
  return true;
}

function onKey(event) {
  lastKey = event.key;
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (!event.target.form?.matches("[data-ctrl-enter]")) form.requestSubmit();
    return;
  }
  if (event.altKey && !event.ctrlKey && /^Digit[1-9]$/.test(event.code)) {
    const kind = field("kinds").querySelector(`[data-key="${event.code.at(-1)}"]`);
    if (!kind) return;
    event.preventDefault();
    lastKey = event.code.at(-1);
    kind.click();
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey || !form.contains(event.target)) return;
  if (event.key === "Enter" && !event.shiftKey && goOn(event.target)) event.preventDefault();
  if (event.key === "ArrowDown" && ["place_text", "words", "cari"].includes(event.target.id)) {
    if (event.target.id === "words" && !event.target.value.trim()) return;
    const group = field(event.target.id === "place_text" ? "places" : "kinds");
    if (group.querySelector("input")) {
      event.preventDefault();
      focusGroup(group);
    }
  }
}

function onChange(event) {
  const { target } = event;
  if (target.name === "urgency") urgencyByHand = true;
  if (target.name === "category") {
    if (!urgencyByHand && target.dataset.urgency) {
      field(`urgency-${target.dataset.urgency}`).checked = true;
    }
    if (/^[1-9]$/.test(lastKey)) field("place_text").focus();
  }
  mark();
}

// A question's disc is ticked once it is answered.
function mark() {
  const done = [
    field("words").value.trim() && checked("category"),
    checked("place"),
    field("name").value.trim() || field("phone").value.trim(),
    checked("urgency"),
    false,
  ];
  form.querySelectorAll("[data-step]").forEach((step, index) => step.classList.toggle("done", Boolean(done[index])));
}

function onSwap(event) {
  if (event.target.id === "caller") {
    const known = event.target.querySelector("[name=near]")?.dataset.name;
    if (known && !field("name").value) field("name").value = known;
  }
  if (event.target.id === "places" && takeFirst) takePlace();
  if (event.target.id === "kinds" && document.activeElement === field("kinds")) focusGroup(field("kinds"));
  mark();
}

function onSubmit(event) {
  if (sent) return event.preventDefault();
  sent = true;
  timer.write();
  const send = form.querySelector("[data-send]");
  if (!event.submitter || event.submitter === send) send.setAttribute("aria-busy", "true");
  setTimeout(() => { sent = false; send.removeAttribute("aria-busy"); }, 8000);
}

if (form) {
  timer.start(form);
  drafts.start(form);
  document.addEventListener("keydown", onKey, true);
  form.addEventListener("change", onChange);
  form.addEventListener("input", mark);
  form.addEventListener("submit", onSubmit);
  document.body.addEventListener("htmx:afterSwap", onSwap);
}
