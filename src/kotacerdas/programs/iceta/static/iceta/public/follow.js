// What is typed on the page of one's report stays in this browser until it was taken: a lost line or a closed page costs
// no words. It is kept by link, under a mark that opens nothing, and for a week. Photos are not kept.

const PLACE = "kotacerdas.follow.";
const WEEK = 7 * 24 * 3600 * 1000;
const page = document.querySelector("[data-follow]");
const forms = [...page.querySelectorAll("form[data-keep]")];
const noSignal = page.querySelector("[data-no-signal]");
const own = (step) => `${PLACE}${page.dataset.follow}.${step}`;
const typed = (form) => [...form.elements].filter((field) => field.matches("textarea, [type=radio]:checked"));
const question = (form) => form.querySelector(".speech")?.textContent ?? ""; // words for one question answer no other

function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null; // storage is switched off
  }
}

function keep(form, isSent) {
  const fields = Object.fromEntries(typed(form).map((field) => [field.name, field.value]));
  try {
    if (!Object.values(fields).some(Boolean)) return localStorage.removeItem(own(form.dataset.keep));
    const kept = { at: Date.now(), isSent, question: question(form), fields };
    localStorage.setItem(own(form.dataset.keep), JSON.stringify(kept));
  } catch {
    // No room, or storage is switched off: the page goes on without.
  }
}

// What was sent was taken when the page asks for it no more.
function dropTaken() {
  const asked = (place) => forms.find((form) => own(form.dataset.keep) === place);
  for (const place of Object.keys(localStorage).filter((one) => one.startsWith(PLACE))) {
    const kept = read(place);
    const form = asked(place);
    const isOurs = place.startsWith(own(""));
    const isTaken = isOurs && kept?.isSent && (!form || question(form) !== kept.question);
    if (isTaken || !(Date.now() - kept?.at < WEEK)) localStorage.removeItem(place);
  }
}

// What the page came with is newer: it is what was sent and found wanting.
function restore(form) {
  const kept = read(own(form.dataset.keep));
  if (!kept || kept.question !== question(form) || typed(form).some((field) => field.value)) return;
  for (const field of form.elements) {
    if (field.type === "radio") field.checked = field.value === kept.fields[field.name];
    else if (field.matches("textarea")) field.value = kept.fields[field.name] ?? "";
  }
  const fold = form.closest("details");
  if (fold) fold.open = true;
}

function send(event) {
  const form = event.target;
  keep(form, navigator.onLine);
  if (navigator.onLine) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  (button.closest(".actions") ?? button).before(noSignal);
  noSignal.hidden = false;
}

try {
  dropTaken();
} catch {
  // Storage is switched off, so nothing was kept.
}
for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => keep(form, false));
  form.addEventListener("submit", send);
}
addEventListener("online", () => (noSignal.hidden = true));
