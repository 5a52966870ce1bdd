// The call form by keyboard alone. Enter goes on to the next question, digits choose a kind (with Alt from within
// the story), Alt+0 takes the known caller's village, F2 means emergency, F4 keeps a draft in this browser and F8 goes on with the newest, F9 and F10 note a
// call without a report, Ctrl+Enter sends from anywhere. Without this file the form still works: every choice is a
// radio button, every note a submit button.

import * as caller from "../../calls/caller.js";
import * as drafts from "../../calls/drafts.js";
import * as current from "../../calls/current_call.js";
import * as noted from "../../calls/noted.js";
import * as village from "./village.js";
import * as timer from "../../calls/timer.js";
import * as without from "../../calls/without.js";
import * as wrong from "./wrong.js";

const form = document.getElementById("call");
const field = (id) => document.getElementById(id);
const checked = (name) => form.querySelector(`[name="${name}"]:checked`);
const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));

let lastKey = "";
let urgencyByHand = Boolean(checked("urgency"));
let waiting = null; // what to do once the places of the present words are here
let kindsFor = ""; // the story whose kinds are on offer
let emergencyWaits = false; // for the kinds of the present story
let sent = false;

function focusGroup(group) {
  (group.querySelector("input:checked") ?? group.querySelector("input") ?? group).focus();
}

function choose(radio) {
  radio.checked = true;
  changed(radio);
}

// The options on offer; none while the answer is still on its way, which then does what was asked.
function placesFor(then) {
  const list = field("places").querySelector(".call-places");
  const isHere = list.dataset.asked === field("place_text").value;
  waiting = isHere ? null : then;
  return isHere ? [...list.querySelectorAll("input")] : [];
}

function takePlace() {
  const input = field("place_text");
  if (!input.value.trim()) return input.focus();
  const places = placesFor(takePlace);
  if (!places.length) return;
  if (!places.some((one) => one.checked)) choose(places[0]);
  field("name").focus();
}

const takeVillage = () => village.take(field("place_text"), placesFor, (place) => {
  choose(place);
  field("name").focus();
});

// From the search down into the list, as in any listbox: to the first, or to the one after that which is marked.
function downToPlace() {
  const places = placesFor(downToPlace);
  const next = places[places.findIndex((one) => one.checked) + 1] ?? places.at(-1);
  if (!next) return;
  choose(next);
  next.focus();
}

// Enter on an option takes it, also one that was only reached, not marked.
function takeFocused(radio, next) {
  if (!radio.checked) choose(radio);
  field(next).focus();
}

// An emergency goes on to the first question that is open: the kind, where none of the emergency kinds is on offer,
// else the place. What is being typed once both are known is not interrupted.
function emergency() {
  const urgent = field("urgency-emergency");
  if (!urgent.checked) choose(urgent);
  const { words, cari } = form.elements;
  emergencyWaits = !checked("category") && !cari.value && words.value !== kindsFor;
  if (emergencyWaits) return;
  const kind = field("kinds").querySelector("[data-urgency=emergency]");
  if (!checked("category") && kind) choose(kind);
  if (!words.value.trim() && !checked("category")) words.focus();
  else if (!checked("category")) cari.focus();
  else if (!checked("place")) field("place_text").focus();
}

// Where Enter leads from each field.
function goOn(target) {
  if (target.id === "phone") field("words").focus();
  else if (target.id === "words" || target.id === "cari") focusGroup(field("kinds"));
  else if (target.name === "category") takeFocused(target, "place_text");
  else if (target.id === "place_text") takePlace();
  else if (target.name === "place") takeFocused(target, "name");
  else if (target.id === "name" || target.type === "checkbox") focusGroup(field("urgency"));
  else if (target.name === "urgency") form.querySelector("[data-send]").focus();
  else return false;
  return true;
}

function onKey(event) {
  lastKey = event.key;
  if (event.isComposing) return;
  if (event.repeat && (/^F\d+$/.test(event.key) || (event.key === "Enter" && event.target.name === "outcome"))) {
    return event.preventDefault(); // a key held down confirms nothing
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (!event.target.form?.matches("[data-ctrl-enter]")) form.requestSubmit();
    return;
  }
  if (event.altKey && !event.ctrlKey && event.code === "Digit0" && takeVillage()) return event.preventDefault();
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
  if (event.key === "ArrowDown") goDown(event);
}

function goDown(event) {
  const { id, value } = event.target;
  if (id === "place_text" && value.trim()) {
    event.preventDefault();
    downToPlace();
  } else if (id === "cari" || (id === "words" && value.trim())) {
    if (!field("kinds").querySelector("input")) return;
    event.preventDefault();
    focusGroup(field("kinds"));
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
    caller.take(form, event.target.querySelector("[name=near]"));
    village.show();
  }
  if (event.target.id === "places") waiting?.();
  if (event.target.id === "kinds") onKinds(event.detail.requestConfig?.parameters.words ?? "");
  mark();
  keepInSight(event.target);
}

// What came in may have pushed the question that is being answered out of sight, or lengthened its list.
function keepInSight(swapped) {
  if (swapped.id === "places") field("places").scrollIntoView({ block: "nearest" });
  if (document.activeElement.closest(".call-steps")) document.activeElement.scrollIntoView({ block: "nearest" });
}

function onKinds(words) {
  kindsFor = words;
  if (emergencyWaits) emergency();
  else if (document.activeElement === field("kinds")) focusGroup(field("kinds"));
}

// The heading of the emergency panel is F2's button; it does the same under the mouse.
function onClick(event) {
  if (event.target.closest("[data-village]")) return takeVillage();
  if (!event.target.closest('[data-key="f2"]')) return;
  event.preventDefault();
  emergency();
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
  if (location.pathname !== new URL(form.action).pathname) history.replaceState(history.state, "", form.action);
  timer.start(form);
  caller.start(form);
  village.show();
  kindsFor = field("words").value;
  noted.start(form);
  without.start(form);
  wrong.start(form);
  drafts.start(form, current.forget);
  current.start(form);
  document.addEventListener("keydown", onKey, true);
  form.addEventListener("change", onChange);
  form.addEventListener("click", onClick);
  form.addEventListener("input", mark);
  form.addEventListener("filled", () => { urgencyByHand = Boolean(checked("urgency")); });
  form.addEventListener("submit", onSubmit);
  document.body.addEventListener("htmx:afterSwap", onSwap);
}
