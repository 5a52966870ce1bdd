// The exchange: what waits goes up and what changed comes down in one request; then photos, part by part.
// Runs in the page and in the service worker; one at a time on this phone.

import { all, change, lockState, peek, peekAll, read, wipe, write } from "./store.js";
import { items, forgetSent } from "./outbox.js";
import { Locked } from "./vault.js";
import { offsetBy, serverNow } from "./clock.js";

const PROTOCOL = 3;
const AT_ONCE = 50;
const PART = 64 * 1024;
const LONGEST_WAIT = 10 * 60_000;

export function flush(options = {}) {
  const run = () => exchangeAll(options);
  if (!navigator.locks) return run();
  return navigator.locks.request("lapangan-kirim", { ifAvailable: !options.force }, (lock) => (lock ? run() : "busy"));
}

// Without the PIN nothing is sent, in a page or in the service worker: it is only asked whether the phone is still let in.
async function exchangeAll({ urls, force = false }) {
  const phone = await peek("meta", "phone");
  if (!phone) return "no_phone";
  const link = (await read("meta", "link")) || {};
  if (!force && link.next > Date.now()) return "later";
  const { version = "", language = "" } = (await read("meta", "shell")) || {};
  try {
    if ((await lockState()) === "locked") {
      await stillIn(urls.still, phone, language);
      return "locked";
    }
    let more = true;
    for (let round = 0; more && round < 40; round += 1) more = await once(urls, version, language);
    await sendPhotos(urls, language);
    await write([["meta", { name: "link", state: "fine", at: await serverNow(), fails: 0, next: 0 }]]);
    await forgetSent();
    return "fine";
  } catch (error) {
    if (error.status === 410) {
      await wipe();
      await write([["meta", { name: "wiped", at: Date.now(), words: error.words || "" }]]);
      return "wiped";
    }
    if (error instanceof Locked) return "locked"; // meanwhile: the answers come again
    const fails = (link.fails || 0) + 1;
    const next = Date.now() + Math.min(LONGEST_WAIT, 5000 * 2 ** Math.min(fails, 8)) * (0.75 + Math.random() / 2);
    await write([["meta", { name: "link", state: error.status ? "refused" : "offline", words: error.words || "", at: link.at || 0, fails, next }]]);
    return "offline";
  }
}

async function stillIn(url, { phone }, language) {
  const { check } = await peek("meta", "vault");
  await call(url, language, { headers: { Authorization: `Bearer ${phone}.${check}` } });
}

// The answer's JSON. An Error with the status and what was told for any other answer than a good one.
export async function call(url, language, options = {}) {
  const { token } = options.headers?.Authorization ? {} : (await read("meta", "phone")) || {};
  const headers = { Authorization: `Bearer ${token}`, "X-Language": language || "id", ...options.headers };
  const answer = await fetch(url, { ...options, headers, cache: "no-store", credentials: "omit" });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(told.words || String(answer.status)), { status: answer.status, ...told });
}

async function packed(value) {
  const text = new Blob([JSON.stringify(value)]);
  if (!globalThis.CompressionStream) return { body: text, headers: { "Content-Type": "application/json" } };
  const body = await new Response(text.stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  return { body, headers: { "Content-Type": "application/json", "Content-Encoding": "gzip" } };
}

// One request. Whether more waits that can be sent now.
async function once(urls, version, language) {
  const { phone: phoneId } = (await peek("meta", "phone")) || {};
  const readAt = Math.round(await serverNow());
  const entries = await items();
  const waiting = entries.filter((one) => one.status === "waiting");
  const unsent = new Set(waiting.map((one) => one.id)); // what was refused is waited for no longer
  const sending = waiting.slice(0, AT_ONCE);
  const state = (await read("meta", "cursor")) || { value: 0 };
  const isDamaged = (await all("records")).some((one) => one.isDamaged); // fetched anew, all of them
  const sent = Date.now();
  const photos = await peekAll("photos");
  const later = new Set(waiting.slice(AT_ONCE).map((one) => one.id));
  for (const one of photos) if (!one.error) later.add(one.command); // entries whose photos are still to come
  const left = later.size;
  const oldest = entries.find((one) => one.status !== "done");
  const { ids: discarded = [] } = (await read("meta", "discarded")) || {};
  const answer = await call(urls.exchange, language, {
    method: "POST",
    ...(await packed({
      p: PROTOCOL, v: version, now: sent, read_at: readAt, cursor: isDamaged ? 0 : state.value, left,
      refused: entries.filter((one) => one.status === "refused" || one.status === "conflict").length + photos.filter((one) => one.error).length,
      ...(oldest ? { oldest: oldest.at } : {}), ...(discarded.length ? { discarded } : {}),
      commands: sending.map(({ id, form, at, item, after, values, base, files, replaces }) => ({
        id, name: form, at, values,
        ...(item ? { item } : {}), ...(files.length ? { files } : {}), ...(replaces ? { replaces } : {}),
        ...(after.some((one) => unsent.has(one)) ? { after: after.filter((one) => unsent.has(one)) } : {}),
        ...(Object.keys(base).length ? { base } : {}),
      })),
    })),
  });
  await apply(answer, sending, sent, phoneId);
  if (answer.forms !== (await read("meta", "forms"))?.version) {
    await write([["meta", { ...(await call(urls.forms, language)), name: "forms" }]]);
  }
  const settled = answer.answers.filter((one) => one.status !== "later").length;
  return waiting.length > settled && settled > 0;
}

// Stored for the phone that asked: one that was signed out or set up for somebody else meanwhile takes nothing of it.
async function apply(answer, sending, sent, phoneId) {
  const changes = [];
  const phone = await read("meta", "phone");
  if (phone?.phone !== phoneId) return;
  if (answer.from === 0) changes.push(["records", null]);
  const known = new Map(answer.from === 0 ? [] : (await all("records")).map((one) => [`${one.kind} ${one.id}`, one]));
  for (const [kind, id, fields, went] of answer.changed) {
    const before = known.get(`${kind} ${id}`)?.fields || {};
    const next = { ...before, ...fields };
    for (const name of went) delete next[name];
    changes.push(["records", { kind, id, fields: next }]);
  }
  for (const [kind, id] of answer.gone) changes.push(["records", null, [kind, id]]);
  answer.answers.slice(0, sending.length).forEach((told, at) => {
    const next = answered(sending[at], told === "done" ? { status: told } : told);
    changes.push(["outbox", next, undefined, (now) => now?.status === "waiting"]); // one that went meanwhile stays away
  });
  changes.push(["meta", { name: "cursor", value: answer.cursor }], ["meta", null, "discarded"]);
  changes.push(["meta", { ...phone, offset: offsetBy(answer.now, sent), server: answer.v }]);
  await write(changes, async (_rows, at) => {
    if ((await at("meta").get("phone"))?.phone !== phoneId) throw new Error("another phone");
  });
}

function answered(entry, { status, words = "", remedy = "", fields = {}, conflict = null, code = "" }) {
  if (status === "done") return { ...entry, status, words: "", doneAt: Date.now() };
  if (status === "later") return { ...entry, tries: entry.tries + 1, words };
  return { ...entry, status, words, remedy, fields, conflict, code, tries: entry.tries + 1 };
}

// Photos follow their record: each goes on from what the server has of it. One that the server cannot take stops no
// other; without a network, or where the server has no time, all wait.
async function sendPhotos(urls, language) {
  const done = new Set((await peekAll("outbox")).filter((one) => one.status === "done").map((one) => one.id));
  for (const { id, command, error } of await peekAll("photos")) {
    if (!done.has(command) || error) continue;
    const photo = await read("photos", id).catch((problem) => {
      if (problem instanceof Locked) throw problem;
      return change("photos", id, (one) => one && { ...one, error: "damaged" }).then(() => null);
    });
    if (photo) await sendPhoto(urls.photo.replace("00000000-0000-0000-0000-000000000000", id), photo, language);
  }
}

async function sendPhoto(url, photo, language) {
  const note = (more) => change("photos", photo.id, (one) => one && { ...one, ...more });
  try {
    let state = photo.sent ? await call(url, language) : { received: 0 };
    while (!state.done && !state.error) {
      const from = state.received;
      const body = photo.blob.slice(from, from + PART);
      state = await call(url, language, { method: "PUT", body, headers: { "Upload-Offset": String(from), "Content-Type": "application/octet-stream" } });
      await note({ sent: Math.max(1, state.received) });
    }
    await (state.done ? write([["photos", null, photo.id]]) : note({ error: state.error }));
  } catch (error) {
    if (!error.status || [401, 410, 429, 503].includes(error.status)) throw error;
    if (error.status === 409 || error.status >= 500) await note({ sent: 1, tries: (photo.tries || 0) + 1 }); // again at the next time
    else await note({ error: error.words || "error" });
  }
}
