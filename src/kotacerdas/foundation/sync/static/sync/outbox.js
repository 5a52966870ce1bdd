// What waits to be sent, item by item. Nothing is ever deleted from here but what the server has.

import { all, change, peekAll, read, write } from "./store.js";
import { serverNow } from "./clock.js";

const KEEP_SENT = 2 * 24 * 3600 * 1000;
const TO_CORRECT = ["refused", "conflict"];
const WRONG_TIME = ["event_time", "backdated"]; // whoever corrects such an entry says that it happened now

export class Gone extends Error {} // the entry was corrected elsewhere already

// Ids of one session share 90 random bits and count on: fifty of them cost a slow link little more than one.
const session = crypto.randomUUID().slice(0, 28);
let made = 0;
const newId = () => session + (made += 1).toString(16).padStart(8, "0");

export async function items() {
  const found = await all("outbox");
  return found.sort((one, other) => one.seq - other.seq);
}

// Store an entry and its photos in one transaction; then it cannot be lost any more. Gone where the entry that it
// replaces is no longer there to be corrected: two tabs correct it once.
// So where the draft that it was written in went with another tab's entry.
export async function enqueue({ form, item = "", title = "", values, base = {}, photos = [], draft = "", hasDraft = false, replaces = "" }) {
  const id = newId();
  const earlier = replaces ? await read("outbox", replaces) : null;
  const entry = {
    id, form: form.name, label: form.label, icon: form.icon, item, title, values, base, after: [],
    at: earlier && !WRONG_TIME.includes(earlier.code) ? earlier.at : Math.round(await serverNow()), // when it was first written down
    seq: 0, status: "waiting", tries: 0, ...(replaces ? { replaces } : {}),
    files: photos.map(({ id: photo, field, size, sha256 }) => ({ id: photo, field, size, sha256 })),
  };
  const kept = new Set(photos.map((one) => one.id));
  const before = replaces ? (await peekAll("photos")).filter((one) => one.command === replaces).map((one) => one.id) : [];
  const added = photos.filter((one) => !before.includes(one.id));
  await write([
    ["outbox", entry],
    ...added.map((one) => ["photos", { ...one, command: id, sent: 0 }]),
    ...before.filter((one) => !kept.has(one)).map((one) => ["photos", null, one]),
    ...(draft ? [["drafts", null, draft]] : []),
    ...(replaces ? [["outbox", null, replaces]] : []),
  ], async ([row], at) => {
    const now = await at("outbox").all();
    if (replaces && !TO_CORRECT.includes(now.find((one) => one.id === replaces)?.status)) throw new Gone();
    if (hasDraft && !(await at("drafts").get(draft))) throw new Gone();
    row.seq = Math.max(0, ...now.map((one) => one.seq)) + 1;
    const same = now.filter((one) => item && one.item === item && one.status === "waiting");
    row.after = same.sort((one, other) => one.seq - other.seq).slice(-1).map((one) => one.id);
    for (const one of before.filter((photo) => kept.has(photo))) {
      const { error: _error, ...photo } = await at("photos").get(one);
      at("photos").put({ ...photo, command: id, sent: 0 });
    }
  }, ["photos", "drafts"]);
  return entry;
}

export function again(id) {
  return change("outbox", id, (one) => one && { ...one, status: "waiting", next: 0 });
}

// Throw away an entry that was refused and will not be sent any more; the server is told at the next exchange.
export async function discard(id) {
  const photos = (await peekAll("photos")).filter((one) => one.command === id);
  const { ids = [] } = (await read("meta", "discarded")) || {};
  await write([
    ["outbox", null, id], ["drafts", null, `perbaiki/${id}`],
    ...photos.map((one) => ["photos", null, one.id]),
    ["meta", { name: "discarded", ids: [...ids, id].slice(-100) }],
  ]);
}

export async function forgetSent() {
  const old = (await peekAll("outbox")).filter((one) => one.status === "done" && one.doneAt < Date.now() - KEEP_SENT);
  const waiting = new Set((await peekAll("photos")).map((one) => one.command));
  const gone = old.filter((one) => !waiting.has(one.id));
  if (gone.length) await write(gone.map((one) => ["outbox", null, one.id]));
}

// How many wait, must be corrected, and how many photos follow; told without the PIN too.
export async function counts() {
  const [found, photos, drafts] = await Promise.all([peekAll("outbox"), peekAll("photos"), peekAll("drafts")]);
  const done = new Set(found.filter((one) => one.status === "done").map((one) => one.id));
  return {
    waiting: found.filter((one) => one.status === "waiting").length + new Set(photos.filter((one) => !one.error && done.has(one.command)).map((one) => one.command)).size,
    wrong: found.filter((one) => TO_CORRECT.includes(one.status)).length + photos.filter((one) => one.error).length,
    unsent: found.filter((one) => one.status !== "done").length,
    photos: photos.length,
    drafts: drafts.length,
    bytes: photos.reduce((sum, one) => sum + one.size, 0),
  };
}
