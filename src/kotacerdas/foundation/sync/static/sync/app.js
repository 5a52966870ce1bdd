// The shell: shows what the phone has, keeps what is filled in, and sends when it can.

import { all, lockState, onChange, peek, peekAll, read, wipe, write } from "./store.js";
import { serverNow } from "./clock.js";
import { flush } from "./exchange.js";
import { counts, enqueue, Gone, items } from "./outbox.js";
import { h, icon, button, language, localDay, urls, version, words } from "./dom.js";
import * as pages from "./pages.js";
import { isNearlyFull } from "./photos.js";
import { lockWhenLeft } from "./pin.js";
import { lockPage, pinPage } from "./pinpages.js";
import { drop, Locked } from "./vault.js";
import { letSleep, stayAwake } from "./wake.js";

const EVERY = 60_000;
const RENEW_EVERY = 15_000; // while the server has a newer version of the app
const app = document.getElementById("app");
let open = null; // what is being filled in: it is not drawn anew under the fingers
let waitingWorker = null;
let query = "";
let isNext = false; // the form opens anew, for the next of its kind
let lockNow = () => {};

const send = (force = false) => flush({ urls, force }).then(show);

// One drawing at a time: of two that overlap, the slower would take back what was typed meanwhile.
let drawing = null;
let isAsked = false;

function show() {
  isAsked = true;
  drawing ??= (async () => {
    try {
      while (isAsked) {
        isAsked = false;
        await showPage();
      }
    } finally {
      drawing = null;
    }
  })();
  return drawing;
}

// What stands on the phone now; where the lock fell in the middle, the locked page.
async function showPage() {
  await drawNow().catch((error) => {
    if (!(error instanceof Locked)) throw error;
    return drawNow();
  });
}

async function drawNow() {
  const [phone, link, lock, told] = await Promise.all([peek("meta", "phone"), read("meta", "link"), lockState(), counts()]);
  document.documentElement.lang = language();
  document.title = words("app");
  if (!phone) {
    if (open?.id === "welcome") return; // a code is being typed
    open = { id: "welcome" };
    drop();
    draw([], pages.welcome({ wiped: await read("meta", "wiped"), useCode }), "");
    useAddress(); // it draws anew by itself: waiting for it here would wait for ever
    return;
  }
  const head = [pages.bar(told, link, { isLocked: lock === "locked", isFull: await isNearlyFull() })];
  if (lock === "locked") return locked(head, phone);
  if (["locked", "welcome"].includes(open?.id)) open = null;
  const [, page = "", ...rest] = location.hash.slice(1).split("/");
  if (page === "pin") return pin(head, lock);
  const [forms, entries, now, photos] = await Promise.all([read("meta", "forms"), items(), serverNow(), peekAll("photos")]);
  const drawn = { entries, link, now, photos, lock, update: waitingWorker && useUpdate, kinds: forms?.records || [], forms: forms?.forms || [], records: await shownRecords(entries, forms?.forms || []) };
  const state = { ...drawn, needsPin: Boolean(forms?.pin) && lock === "none" };
  if (page === "isi") return fill(head, state, rest);
  if (page === "perbaiki") return correct(head, state, rest[0]);
  if (page === "selisih" && open?.id === `selisih/${rest[0]}`) return app.querySelector(".outbox-bar")?.replaceWith(head[0]);
  if (page === "keluar" && open?.id === "keluar") return app.querySelector(".outbox-bar")?.replaceWith(head[0]);
  open = null;
  if (page === "daftar") return draw(head, pages.list({ ...state, name: rest[0], query }), "today", true);
  if (page === "tugas") {
    const one = state.records.find((each) => each.kind === rest[0] && each.id === rest[1]);
    return draw(head, one ? pages.record({ ...state, one }) : [h("p", { class: "empty" }, words("no_work"))], "today", true);
  }
  if (page === "kotak") return draw(head, pages.outbox({ ...state, send: () => send(true), save: saveFile }), "outbox");
  if (page === "selisih") {
    const entry = entries.find((one) => one.id === rest[0]);
    const { settle } = await import("./settle.js");
    if (entry) open = { id: `selisih/${entry.id}` };
    if (entry) return draw(head, settle({ entry, form: state.forms.find((one) => one.name === entry.form), save: (chosen) => settled(entry, chosen) }), "outbox", true);
  }
  if (page === "keluar") {
    open = { id: "keluar" };
    return draw(head, pages.signOut({ unsent: told, leave, save: saveFile }), "phone", true);
  }
  if (page === "ponsel") return draw(head, pages.phonePage({ phone: await read("meta", "phone"), pick, lock, lockNow, update: state.update }), "phone");
  return draw(head, pages.today({ ...state, drafts: await all("drafts"), query }), "today");
}

const saveFile = async () => (await import("./outfile.js")).saveFile();

async function locked(head, phone) {
  if (open?.id === "locked") return app.querySelector(".outbox-bar")?.replaceWith(head[0]);
  open = { id: "locked" };
  draw(head, await lockPage({ phone, opened: () => { open = null; send(true); return show(); } }), "");
  app.querySelector("#pin")?.focus({ preventScroll: true });
}

function pin(head, lock, why = "") {
  if (open?.id === `pin/${lock}`) return app.querySelector(".outbox-bar")?.replaceWith(head[0]);
  open = { id: `pin/${lock}` };
  const done = () => { open = null; if (location.hash === "#/pin") location.hash = "/ponsel"; else show(); };
  return draw(head, pinPage({ isSet: lock === "open", why, done }), "phone", true);
}

// Records with what is still in the outbox shown on them.
async function shownRecords(entries, forms) {
  const steps = new Map();
  for (const one of entries) {
    const { at_once: shown, goes_on: goesOn } = forms.find((form) => form.name === one.form) || {};
    if (shown && one.status === "waiting" && one.item) steps.set(one.item, { shown, isDone: !goesOn, taken: [...(steps.get(one.item)?.taken || []), one.form] });
  }
  return (await all("records")).filter((one) => !one.isDamaged).map((one) => ({ ...one, taken: [], ...steps.get(one.id) }));
}

function draw(head, main, current, isInner = false) {
  const tab = (name, path, label, sign) => h("a", { href: `#${path}`, ...(current === name ? { "aria-current": "page" } : {}) }, icon(sign), h("span", {}, label));
  const isSame = app.dataset.hash === location.hash;
  const isFirst = app.dataset.hash === undefined;
  const focused = app.contains(document.activeElement) && isSame ? known(document.activeElement) : "";
  const scrolled = isSame ? scrollY : 0;
  app.dataset.hash = location.hash;
  app.replaceChildren(
    h("header", { class: "top" }, isInner ? button(words("back"), { class: "back", onclick: () => history.back() }, "arrow-left") : h("strong", {}, document.title)),
    ...head,
    h("main", { id: "content" }, main.flat()),
    current ? h("nav", {}, tab("today", "/", words("today"), "list-checks"), tab("outbox", "/kotak", words("outbox"), "inbox"), tab("phone", "/ponsel", words("phone"), "smartphone")) : "",
  );
  scrollTo(0, scrolled);
  const search = app.querySelector("[name=q]");
  search?.addEventListener("input", () => { query = search.value; show(); });
  const again = focused ? [...app.querySelectorAll("a, button, input")].find((one) => known(one) === focused) : null;
  again?.focus({ preventScroll: true });
  if (again && again === search) search.setSelectionRange(query.length, query.length);
  if (!isSame && !isFirst) focusTitle();
}

// By what an element is found again when the page was drawn anew.
const known = (one) => [one.tagName, one.name, one.getAttribute("href"), one.value, one.tagName === "INPUT" ? "" : one.textContent].join("|");

function focusTitle() {
  const title = app.querySelector("h1");
  title?.setAttribute("tabindex", "-1");
  title?.focus({ preventScroll: true });
}

const useUpdate = () => waitingWorker.postMessage("use");

async function fill(head, state, [name, kind = "", id = ""]) {
  const draftId = [name, kind, id].join("/");
  if (open?.id === draftId) return app.querySelector(".outbox-bar")?.replaceWith(head[0]);
  const form = state.forms.find((one) => one.name === name);
  if (!form) return draw(head, [h("p", { class: "empty" }, words("no_work"))], "today", true);
  if (state.lock === "none" && isPersonal(form.fields)) return pin(head, "none", words("pin_needed", { form: form.label }));
  const one = state.records.find((each) => each.kind === kind && each.id === id);
  const stored = Object.fromEntries(Object.entries(one?.fields || {}).filter(([key]) => key.startsWith("=")).map(([key, value]) => [key.slice(1), value]));
  const isChange = Object.keys(stored).length > 0;
  const draft = (await read("drafts", draftId)) || { values: isChange ? stored : {}, photos: [], base: isChange ? stored : {} };
  return drawForm(head, form, draft, { id: draftId, title: one?.fields.title || "", item: id, base: draft.base, named: naming(state.records) });
}

// The record that a scanned or typed code names, where this phone has it.
const naming = (records) => (code) => records.find((one) => one.fields.codes?.includes(code));

const isPersonal = (fields) => fields.some((one) => one.personal || isPersonal(one.fields || []));

async function correct(head, state, id) {
  const entry = state.entries.find((one) => one.id === id);
  const form = entry && state.forms.find((one) => one.name === entry.form);
  const draftId = `perbaiki/${id}`;
  if (open?.id === draftId) return app.querySelector(".outbox-bar")?.replaceWith(head[0]);
  if (!entry && (await peek("drafts", draftId))) await write([["drafts", null, draftId]]); // it was corrected elsewhere
  if (!form) return draw(head, [h("p", { class: "empty" }, entry?.words || words("corrected_before"))], "outbox", true);
  const photos = await Promise.all(state.photos.filter((one) => one.command === id).map((one) => read("photos", one.id)));
  const draft = (await read("drafts", draftId)) || { values: entry.values, photos };
  return drawForm(head, form, draft, { id: draftId, title: entry.title, item: entry.item, base: entry.base, replaces: id, named: naming(state.records) }, entry.fields);
}

async function drawForm(head, form, draft, about, problems = {}) {
  const { Form } = await import("./form.js"); // nobody who only looks waits for it
  const told = h("p", { class: "problem", role: "alert", hidden: true });
  let saving = null; // the last draft that is on its way to the store; while it is, only the newest waits
  let next = null;
  let isStoring = false;
  let isStored = false;
  let hasDraft = Boolean(draft.id);
  const tell = (...parts) => { told.replaceChildren(icon("circle-alert"), h("span", {}, ...parts)); told.hidden = false; };
  const store = async () => {
    while (next && !isStored) {
      const draft = next;
      next = null;
      const isEmpty = !about.replaces && !Object.keys(draft.values).length && !draft.photos.length;
      const isThere = hasDraft;
      hasDraft = !isEmpty;
      await write([isEmpty ? ["drafts", null, draft.id] : ["drafts", draft, undefined, (now) => now || !isThere]]).catch((error) => {
        if (error.name !== "QuotaExceededError" || !draft.photos.length) return tell(words("not_stored"));
        drawn.photos = draft.photos.slice(0, -1); // the words stay, the photo that does not fit goes
        drawn.draw();
        next ??= { ...draft, photos: drawn.photos };
        return tell(words("storage_full"));
      });
    }
    saving = null;
  };
  const keep = (drawn) => {
    if (isStored || isStoring) return;
    next = { id: about.id, label: form.label, icon: form.icon, title: about.title, at: Date.now(), values: { ...drawn.values }, photos: drawn.photos, base: about.base };
    saving ??= store();
    return saving;
  };
  const drawn = new Form(form, draft.values, draft.photos, templates(), keep, about);
  drawn.problems = problems;
  drawn.draw();
  open = { id: about.id, isAwake: form.fields.some((one) => one.type === "position") };
  if (open.isAwake) stayAwake();
  const save = async () => {
    if (isStoring || isStored) return; // pressed twice: it is one entry
    isStoring = true;
    await drawn.pending; // a photo that is still being made smaller belongs to it
    const verdict = drawn.verdict(localDay(await serverNow()));
    drawn.problems = verdict.problems;
    const names = [...new Set(Object.keys(verdict.problems).map((path) => path.split(".")[0]))].map((name) => form.fields.find((one) => one.name === name)?.label || name);
    if (names.length) {
      isStoring = false;
      drawn.draw();
      keep(drawn);
      tell(words("incomplete", { names: names.join(", ") }), h("small", {}, words("saved_draft")));
      drawn.element.querySelector(".wrong input, .wrong textarea, .wrong button")?.focus();
      return;
    }
    await saving;
    const stored = await enqueue({ form, hasDraft, item: about.item, title: titleOf(form, verdict.clean, about), values: verdict.clean, base: about.base || {}, photos: verdict.photos, draft: about.id, replaces: about.replaces }).catch((error) => error);
    isStoring = false;
    if (stored instanceof Gone) {
      isStored = true;
      return tell(words(about.replaces ? "corrected_before" : "sent_before"));
    }
    if (stored instanceof Error) return tell(words("not_stored"));
    isStored = true;
    sendSoon();
    open = null;
    send(true); // after one that runs: what was written meanwhile is not in it
    if (form.again && !about.replaces) {
      app.dataset.hash = "again"; // as another page: from its top
      isNext = true;
      return show();
    }
    location.replace("#/kotak"); // the way back leads to no empty form
  };
  const anew = isNext ? h("p", { class: "notice", role: "status" }, words("saved_next")) : null;
  isNext = false;
  draw(head, [h("h1", {}, form.label), about.title ? h("p", { class: "small" }, about.title) : null, anew, drawn.element,
    h("div", { class: "foot" }, told, button(form.button, { class: "main", onclick: save }, form.icon))], "today", true);
  drawn.element.querySelector(".wrong")?.scrollIntoView({ block: "center" });
}

// What an entry is called in the outbox: what its code names, and its record, else the beginning of its first text.
function titleOf(form, values, { title, item, replaces, named }) {
  const code = item && !replaces ? values[form.fields.find((one) => one.type === "code")?.name] : "";
  return [code ? named?.(code)?.fields.title || code : "", title || inShort(form, values)].filter(Boolean).join(" · ");
}

// The beginning of the first text.
function inShort(form, values) {
  const text = form.fields.filter((one) => one.type === "text").map((one) => values[one.name]).find(Boolean) || "";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

async function settled(entry, chosen) {
  const base = { ...entry.base };
  for (const [name, [, theirs]] of Object.entries(entry.conflict)) base[name] = theirs;
  const forms = await read("meta", "forms");
  const form = forms.forms.find((one) => one.name === entry.form);
  const there = new Set((await peekAll("photos")).filter((one) => one.command === entry.id).map((one) => one.id));
  await enqueue({ form, item: entry.item, title: entry.title, values: { ...entry.values, ...chosen }, base, photos: entry.files.filter((one) => there.has(one.id)), replaces: entry.id })
    .catch((error) => { if (!(error instanceof Gone)) throw error; }); // settled in another tab: the outbox shows it
  sendSoon();
  send(true);
  location.replace("#/kotak");
}

// The desk's QR code opens #/kode/<code>: the code is filled in and used, once.
async function useAddress() {
  const [, page, code = ""] = location.hash.slice(1).split("/");
  if (page !== "kode" || !code) return;
  history.replaceState(null, "", "#/");
  const at = (selector) => app.querySelector(selector); // the page may be drawn anew meanwhile
  const problem = { set textContent(told) { at(".problem")?.replaceChildren(told); }, set hidden(is) { if (at(".problem")) at(".problem").hidden = is; } };
  if (at("#code")) at("#code").value = code;
  await useCode(code, problem);
  if (at("#code")) at("#code").value = code;
}

async function useCode(code, problem) {
  try {
    const answer = await fetch(urls.code, { method: "POST", body: new URLSearchParams({ code, label: navigator.userAgentData?.model || "" }) });
    const told = await answer.json();
    if (!answer.ok) throw new Error([told.words, told.remedy].filter(Boolean).join(" "));
    await write([["meta", null, "wiped"], ["meta", { name: "phone", token: told.token, phone: told.phone, user: told.user, exportKey: told.export_key, offset: told.now - Date.now() }]]);
    await tellWorker(); // signing out deleted this too
    await send(true);
  } catch (error) {
    problem.textContent = error instanceof TypeError ? words("offline_now") : error.message;
    problem.hidden = false;
  }
}

const pick = async (chosen) => { localStorage.setItem("lapangan-bahasa", chosen); open = null; await tellWorker(); send(true); };
// What the service worker says of this phone when it sends without a page.
const tellWorker = () => write([["meta", { name: "shell", version, language: language() }]]);
// Where the browser can, what waits goes out when there is a signal again, though no page is open.
const sendSoon = () => navigator.serviceWorker?.ready.then((one) => one.sync?.register("kirim")).catch(() => {});
const leave = async () => {
  const { token } = (await read("meta", "phone")) || {};
  if (urls.leave && token) await fetch(urls.leave, { method: "POST", headers: { Authorization: `Bearer ${token}` }, credentials: "omit" }).catch(() => {}); // offline: the desk sees when it was last heard of
  await (navigator.locks ? navigator.locks.request("lapangan-kirim", wipe) : wipe()); // not while an answer is being stored
  open = null;
  location.replace("#/");
  show();
};
const templates = () => JSON.parse(document.getElementById("problems").textContent)[language()];

async function start() {
  let isDue = false; // many changes are drawn once
  onChange(() => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => { isDue = false; show(); });
  });
  addEventListener("hashchange", () => { letSleep(); query = ""; show(); });
  addEventListener("online", () => send(true));
  lockNow = lockWhenLeft(() => { open = null; show(); });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    if (open?.isAwake) stayAwake();
    send();
  });
  setInterval(() => send(), EVERY);
  await tellWorker();
  await show();
  navigator.storage?.persist?.();
  serve().catch(() => {});
  send();
}

// The service worker: it answers without a network, and a newer one waits until the person takes it.
async function serve() {
  if (navigator.serviceWorker) {
    const registration = await navigator.serviceWorker.register(urls.worker, { type: "module", scope: urls.home, updateViaCache: "none" });
    const offer = () => { if (registration.waiting && navigator.serviceWorker.controller) { waitingWorker = registration.waiting; show(); } };
    const watch = () => registration.installing?.addEventListener("statechange", offer);
    registration.addEventListener("updatefound", watch);
    watch(); // it may have been found before anybody listened
    offer();
    let isReloading = false;
    const hadOne = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => { if (hadOne && !isReloading) { isReloading = true; location.reload(); } });
    setInterval(async () => { if ((await peek("meta", "phone"))?.server !== version) registration.update().catch(() => {}); }, RENEW_EVERY);
  }
}

start();
