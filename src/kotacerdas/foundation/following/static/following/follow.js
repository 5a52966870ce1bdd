// What is typed on the page of one's report stays in this browser until the page says that it was taken: a lost line or a
// closed page costs no words. It is kept by link, under a mark that opens nothing, and for a week. Photos are not kept.

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

function keep(form) {
  const fields = Object.fromEntries(typed(form).map((field) => [field.name, field.value]));
  try {
    if (!Object.values(fields).some(Boolean)) return localStorage.removeItem(own(form.dataset.keep));
    const kept = { at: Date.now(), question: question(form), fields };
    localStorage.setItem(own(form.dataset.keep), JSON.stringify(kept));
  } catch {
    // No room, or storage is switched off: the page goes on without.
  }
}

const bare = (text) => text.replace(/\s+/g, "");
const isTaken = (step, kept) => bare(Object.values(kept.fields).join("")) === bare(JSON.parse(page.dataset.taken)[step] ?? "");

// Words that no form of the page asks for any more, and that never arrived.
function offer(place, words) {
  const template = page.querySelector("[data-unsent]");
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector(".speech").innerText = words;
  notice.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(place);
    notice.remove();
    page.focus();
  });
  template.after(notice);
}

// What still has its form is put back there; of the rest, what was taken goes and what was not is shown.
function settleKept() {
  for (const place of Object.keys(localStorage).filter((one) => one.startsWith(PLACE))) {
    const kept = read(place);
    const step = place.startsWith(own("")) && place.slice(own("").length);
    const form = forms.find((one) => one.dataset.keep === step);
    const words = kept?.fields?.body || kept?.fields?.words;
    if (!(Date.now() - kept?.at < WEEK)) localStorage.removeItem(place);
    else if (!step || (form && question(form) === kept.question)) continue;
    else if (!words || isTaken(step, kept)) localStorage.removeItem(place);
    else if (!page.querySelector("[data-too-late]")) offer(place, words);
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
  keep(form);
  if (navigator.onLine) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  (button.closest(".actions") ?? button).before(noSignal);
  noSignal.hidden = false;
}

try {
  settleKept();
} catch {
  // Storage is switched off, so nothing was kept.
}
for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("submit", send);
}
addEventListener("online", () => (noSignal.hidden = true));
