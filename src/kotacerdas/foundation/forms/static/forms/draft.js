// What is typed is kept on this phone until it is sent, each draft apart: two tabs tell two stories.

const PLACE = "kotacerdas.draft";
const MOST = 2;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "from", "unfinished", "go", "remove", "q", "district", "photo", "offered", "seen", "searched", "then"]);
const IDS = new Set(["draf", "key", "submission_key", "then"]); // also those of drafts from before
const NOT_TYPED = new Set(["draf", "choice"]);
const form = document.querySelector("form[data-draft]");

// Who signed in in another tab meanwhile has another token: the present one goes with what is sent from here.
function renew() {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  if (token && form && document.visibilityState === "visible") form.elements.csrfmiddlewaretoken.value = token;
}
document.addEventListener("visibilitychange", renew);

// The answers of this page, and those of the pages before.
function fields() {
  const kept = { ...load()?.fields };
  for (const name of ["choice", ...[...form.elements].map((one) => one.name)]) delete kept[name];
  for (const [name, value] of new FormData(form)) {
    if (!NOT_KEPT.has(name) && typeof value === "string") kept[name] = value;
  }
  return kept;
}

// The photos wait on the server; their number is known here.
const photos = () =>
  form.dataset.draft === "photo" ? form.querySelectorAll("[data-photos] img").length : (load()?.photos ?? 0);

const own = () => `${PLACE}.${form.dataset.mark}`;

export function load(place = own()) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null;
  }
}

const worthResuming = (kept) =>
  Boolean(kept?.photos) || Object.entries(kept?.fields ?? {}).some(([name, value]) => value && !IDS.has(name));

// [place, draft] of all, the newest first.
function all() {
  try {
    return Object.keys(localStorage)
      .filter((place) => place.startsWith(PLACE))
      .map((place) => [place, load(place)])
      .sort(([, one], [, other]) => (other?.at ?? 0) - (one?.at ?? 0));
  } catch {
    return []; // storage is switched off
  }
}

function dropOld() {
  const stories = all().filter(([, kept]) => worthResuming(kept)).slice(0, MOST);
  for (const [place] of all()) {
    if (place !== own() && !stories.some(([one]) => one === place)) localStorage.removeItem(place);
  }
}

// Fields that another answer puts away are neither kept nor sent.
function putAway() {
  for (const one of form.querySelectorAll("[data-unless]")) one.disabled = Boolean(form.querySelector(one.dataset.unless));
}

export function save() {
  putAway();
  try {
    const kept = { at: Date.now(), form: form.dataset.form, from: form.dataset.draft, page: form.dataset.own, photos: photos(), fields: fields() };
    localStorage.setItem(own(), JSON.stringify(kept));
    dropOld();
    document.querySelector("[data-saved]").hidden = false;
  } catch {
    document.querySelector("[data-saved]").hidden = true; // no room, or storage is switched off
  }
}

function resume(kept) {
  for (const [name, value] of Object.entries(kept.fields)) put(name, value);
  if (kept.from) put("from", kept.from);
  form.action = kept.page;
  HTMLFormElement.prototype.submit.call(form);
}

// Into the page's field of that name, else into a hidden one.
function put(name, value) {
  const holders = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
  const holder = holders[0] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  if (holder.type !== "radio" && holder.type !== "checkbox") {
    holder.value = value;
    return;
  }
  if (![...holders].some((one) => one.value === value)) return;
  for (const one of holders) one.checked = one.value === value;
}

function offerResume([place, kept]) {
  const notice = form.querySelector("[data-resume]");
  notice.querySelector("[data-resume-words]").textContent = kept.fields[form.dataset.excerpt]?.slice(0, 60) ?? "";
  notice.hidden = false;
  const later = notice.querySelector("[data-resume-later]");
  later.hidden = false;
  later.addEventListener("click", () => {
    notice.hidden = true;
    save();
  });
  form.elements.unfinished.value = kept.fields.draf ?? kept.fields.submission_key ?? "";
  notice.querySelector("[data-resume-drop]").addEventListener("click", () => localStorage.removeItem(place));
  notice.querySelector("[data-resume-go]").addEventListener("click", (event) => {
    event.preventDefault();
    resume(kept);
  });
}

// What was typed since is newer than what the page came with.
function putTyped(kept) {
  const scripted = (name) => form.elements[name]?.type === "hidden";
  for (const [name, value] of Object.entries(kept.fields)) {
    if (value && !NOT_TYPED.has(name) && name in form.elements && !scripted(name)) put(name, value);
  }
  if (kept.fields.choice && form.dataset.draft === "place") putChoice(kept);
}

// A village of a list that is not on the page now: the server shows it.
function putChoice(kept) {
  const { choice, ...fields } = kept.fields;
  put("choice", choice);
  if (form.querySelector("[name=choice]:checked")) return;
  localStorage.setItem(own(), JSON.stringify({ ...kept, fields })); // asked once
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "choice", value: choice }));
  form.action = form.dataset.own;
  HTMLFormElement.prototype.submit.call(form);
}

// Whoever comes back to this page comes back to this draft.
export function nameAddress() {
  if ("fresh" in form.dataset) history.replaceState(history.state, "", form.dataset.kept);
}

if (form) {
  const kept = load();
  const notice = form.querySelector("[data-resume]");
  if (kept?.fields) putTyped(kept);
  const newest = all().find(([place, one]) => place !== own() && worthResuming(one) && [undefined, form.dataset.form].includes(one.form));
  const isNew = "fresh" in form.dataset; // nothing is told yet
  if (isNew && newest) offerResume(newest);
  if (notice.hidden && !isNew) save();
  let timer = 0;
  form.addEventListener("input", () => {
    putAway();
    if (!notice.hidden) notice.classList.add("folded"); // who tells something new needs the room
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  });

  const banner = document.querySelector("[data-offline]");
  const look = () => (banner.hidden = navigator.onLine);
  addEventListener("online", look);
  addEventListener("offline", look);
  look();

  form.addEventListener("submit", (event) => {
    save();
    if (!navigator.onLine) {
      event.preventDefault();
      look();
      banner.scrollIntoView({ block: "center" });
      banner.scrollIntoView({ block: "nearest" });
      return;
    }
    nameAddress();
    const button = event.submitter;
    if (button?.matches("[data-send]")) setTimeout(() => button.setAttribute("aria-busy", "true"));
  });
  addEventListener("pageshow", (event) => {
    for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    if (event.persisted && navigator.onLine) location.reload(); // shown as it was: ask how the draft stands now
  });
}
