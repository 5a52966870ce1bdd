// The shell: shows what the phone has, keeps what is filled in, and sends when it can.

import { change, all, onChange, read, wipe, write } from "./store.js";
import { serverNow } from "./clock.js";
import { flush } from "./exchange.js";
import { counts, enqueue, items } from "./outbox.js";
import { Form } from "./form.js";
import { button, h, icon, language, localDay, urls, version, words } from "./dom.js";
import * as pages from "./pages.js";

const EVERY = 60_000;
const RENEW_EVERY = 15_000; // while the server has a newer version of the app
const MOST_EXPORTED = 6_000_000; // bytes of photos in one exported file; the desk takes 12 MB with their encoding
const app = document.getElementById("app");
let open = null; // the form that is being filled in: it is not drawn anew under the fingers
let waitingWorker = null;
let query = "";

const send = (force = false) => flush({ urls, version, language: language(), force }).then(show);

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

async function showPage() {
  const [phone, link, forms, entries, photos, drafts, now] = await Promise.all([
    read("meta", "phone"), read("meta", "link"), read("meta", "forms"), items(), all("photos"), all("drafts"), serverNow(),
  ]);
  document.documentElement.lang = language();
  document.title = words("app");
  if (!phone) {
    draw([], pages.welcome({ wiped: await read("meta", "wiped"), useCode }), "");
    return useAddress();
  }
  const [, page = "", ...rest] = location.hash.slice(1).split("/");
  const state = { entries, photos, drafts, link, now, update: waitingWorker && useUpdate, kinds: forms?.records || [], forms: forms?.forms || [], records: await shownRecords(entries, forms?.forms || []) };
  const head = [pages.bar(await counts(), link)];
  if (page === "isi") return fill(head, state, rest);
  if (page === "perbaiki") return correct(head, state, rest[0]);
  open = null;
  if (page === "tugas") {
    const one = state.records.find((each) => each.kind === rest[0] && each.id === rest[1]);
    return draw(head, one ? pages.record({ ...state, one }) : [h("p", { class: "empty" }, words("no_work"))], "today", true);
  }
  if (page === "kotak") return draw(head, pages.outbox({ ...state, send: () => send(true), save: exportFile }), "outbox");
  if (page === "selisih") {
    const entry = entries.find((one) => one.id === rest[0]);
    if (entry) return draw(head, pages.settle({ entry, form: state.forms.find((one) => one.name === entry.form), save: (chosen) => settled(entry, chosen) }), "outbox", true);
  }
  if (page === "ponsel") return draw(head, pages.phonePage({ phone, unsent: entries.filter((one) => one.status !== "done").length, pick, leave, update: state.update }), "phone");
  return draw(head, pages.today({ ...state, query }), "today");
}

// Records with what is still in the outbox shown on them.
async function shownRecords(entries, forms) {
  const at_once = new Map();
  for (const one of entries) {
    const shown = forms.find((form) => form.name === one.form)?.at_once;
    if (shown && one.status === "waiting" && one.item) at_once.set(one.item, shown);
  }
  return (await all("records")).map((one) => ({ ...one, shown: at_once.get(one.id) }));
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
  const one = state.records.find((each) => each.kind === kind && each.id === id);
  const stored = Object.fromEntries(Object.entries(one?.fields || {}).filter(([key]) => key.startsWith("=")).map(([key, value]) => [key.slice(1), value]));
  const isChange = Object.keys(stored).length > 0;
  const draft = (await read("drafts", draftId)) || { values: isChange ? stored : {}, photos: [], base: isChange ? stored : {} };
  drawForm(head, form, draft, { id: draftId, title: one?.fields.title || "", item: id, base: draft.base });
}

async function correct(head, state, id) {
  const entry = state.entries.find((one) => one.id === id);
  const form = entry && state.forms.find((one) => one.name === entry.form);
  const draftId = `perbaiki/${id}`;
  if (open?.id === draftId) return;
  if (!form) return draw(head, [h("p", { class: "empty" }, entry?.words || "")], "outbox", true);
  const photos = state.photos.filter((one) => one.command === id);
  const draft = (await read("drafts", draftId)) || { values: entry.values, photos };
  drawForm(head, form, draft, { id: draftId, title: entry.title, item: entry.item, base: entry.base, replaces: id }, entry.fields);
}

function drawForm(head, form, draft, about, problems = {}) {
  const told = h("p", { class: "problem", role: "alert", hidden: true });
  let saving = Promise.resolve();
  let isStoring = false;
  let isStored = false;
  const tell = (...parts) => { told.replaceChildren(icon("circle-alert"), ...parts); told.hidden = false; };
  const keep = (drawn) => {
    if (isStored) return;
    const draft = { id: about.id, label: form.label, icon: form.icon, title: about.title, at: Date.now(), values: { ...drawn.values }, photos: drawn.photos, base: about.base };
    saving = saving.then(() => write([["drafts", draft]])).catch(() => tell(words("not_stored")));
    return saving;
  };
  const drawn = new Form(form, draft.values, draft.photos, templates(), keep);
  drawn.problems = problems;
  drawn.draw();
  open = { id: about.id };
  const save = async () => {
    await drawn.pending; // a photo that is still being made smaller belongs to it
    const verdict = drawn.verdict(localDay(await serverNow()));
    drawn.problems = verdict.problems;
    const names = [...new Set(Object.keys(verdict.problems).map((path) => path.split(".")[0]))].map((name) => form.fields.find((one) => one.name === name)?.label || name);
    if (names.length) {
      drawn.draw();
      keep(drawn);
      tell(h("span", {}, words("incomplete", { names: names.join(", ") })), h("small", {}, words("saved_draft")));
      drawn.element.querySelector(".wrong input, .wrong textarea, .wrong button")?.focus();
      return;
    }
    if (isStoring) return;
    isStoring = true;
    await saving;
    const stored = await enqueue({ form, item: about.item, title: about.title, values: verdict.clean, base: about.base || {}, photos: verdict.photos, draft: about.id, replaces: about.replaces }).catch(() => null);
    isStoring = false;
    if (!stored) return tell(words("not_stored"));
    isStored = true;
    open = null;
    send();
    location.hash = "/kotak";
  };
  draw(head, [h("h1", {}, form.label), about.title ? h("p", { class: "small" }, about.title) : null, drawn.element,
    h("div", { class: "foot" }, told, button(form.button, { class: "main", onclick: save }, form.icon))], "today", true);
}

async function settled(entry, chosen) {
  const base = { ...entry.base };
  for (const [name, [, theirs]] of Object.entries(entry.conflict)) base[name] = theirs;
  const forms = await read("meta", "forms");
  const form = forms.forms.find((one) => one.name === entry.form);
  const photos = (await all("photos")).filter((one) => one.command === entry.id);
  await enqueue({ form, item: entry.item, title: entry.title, values: { ...entry.values, ...chosen }, base, photos, replaces: entry.id });
  send();
  location.hash = "/kotak";
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
    await send(true);
  } catch (error) {
    problem.textContent = error instanceof TypeError ? words("offline_now") : error.message;
    problem.hidden = false;
  }
}

// Signed with the phone's key, so that the desk knows where it comes from. Every file has all entries and some photos:
// the desk takes each entry once.
async function exportFile() {
  const phone = await read("meta", "phone");
  const photos = await all("photos");
  const entries = (await items()).filter((one) => one.status !== "done" || photos.some((photo) => photo.command === one.id));
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(phone.exportKey || "-"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const today = localDay(await serverNow());
  const groups = bySize(photos);
  for (const [number, group] of groups.entries()) {
    const chosen = await Promise.all(group.map(async ({ id, command, field, size, sha256, blob }) => ({ id, command, field, size, sha256, data: await base64(blob) })));
    const body = JSON.stringify({ kind: "kotacerdas.outbox", version: 1, phone: phone.phone, entries, photos: chosen });
    const mac = [...new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(body)))].map((one) => one.toString(16).padStart(2, "0")).join("");
    const href = URL.createObjectURL(new Blob([JSON.stringify({ body, mac })], { type: "application/json" }));
    h("a", { href, download: `kotak-keluar-${today}${groups.length > 1 ? `-${number + 1}` : ""}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }
}

// Photos in groups that fit in what a desk can take at once.
function bySize(photos) {
  const groups = [[]];
  let size = 0;
  for (const one of photos) {
    if (size + one.size > MOST_EXPORTED && size) { groups.push([]); size = 0; }
    groups.at(-1).push(one);
    size += one.size;
  }
  return groups;
}

const base64 = (blob) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).split(",")[1]);
  reader.readAsDataURL(blob);
});

const pick = (chosen) => { localStorage.setItem("lapangan-bahasa", chosen); open = null; send(true); };
const leave = async () => {
  await (navigator.locks ? navigator.locks.request("lapangan-kirim", wipe) : wipe()); // not while an answer is being stored
  show();
};
const templates = () => JSON.parse(document.getElementById("problems").textContent)[language()];

async function start() {
  onChange(() => requestAnimationFrame(show));
  addEventListener("hashchange", show);
  addEventListener("online", () => send(true));
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(() => send(), EVERY);
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
    registration.sync?.register("kirim").catch(() => {});
    setInterval(async () => { if ((await read("meta", "phone"))?.server !== version) registration.update().catch(() => {}); }, RENEW_EVERY);
  }
}

start();
