// What waits to be sent, item by item. Nothing is ever deleted from here but what the server has.

import { all, change, read, write } from "./store.js";
import { serverNow } from "./clock.js";

const KEEP_SENT = 2 * 24 * 3600 * 1000;

// Ids of one session share 90 random bits and count on: fifty of them cost a slow link little more than one.
const session = crypto.randomUUID().slice(0, 28);
let made = 0;
const newId = () => session + (made += 1).toString(16).padStart(8, "0");

export async function items() {
  const found = await all("outbox");
  return found.sort((one, other) => one.seq - other.seq);
}

// Store an entry and its photos in one transaction; then it cannot be lost any more.
export async function enqueue({ form, item = "", title = "", values, base = {}, photos = [], draft = "", after = [], replaces = "" }) {
  const id = newId();
  const entry = {
    id, form: form.name, label: form.label, icon: form.icon, item, title, values, base, after,
    at: Math.round(await serverNow()), seq: Date.now() + Math.random(), status: "waiting", tries: 0,
    files: photos.map(({ id: photo, field, size, sha256 }) => ({ id: photo, field, size, sha256 })),
  };
  const earlier = replaces ? await read("outbox", replaces) : null;
  if (replaces && !["refused", "conflict"].includes(earlier?.status)) throw new Error("sent already");
  if (earlier && earlier.code !== "event_time") entry.at = earlier.at; // it happened when it was first written down
  const kept = new Set(photos.map((one) => one.id));
  const dropped = replaces ? (await all("photos")).filter((one) => one.command === replaces && !kept.has(one.id)) : [];
  await write([
    ["outbox", entry],
    ...photos.map((one) => ["photos", { ...one, command: id, sent: 0 }]),
    ...(draft ? [["drafts", null, draft]] : []),
    ...(replaces ? [["outbox", null, replaces]] : []),
    ...dropped.map((one) => ["photos", null, one.id]),
  ]);
  return entry;
}

export function again(id) {
  return change("outbox", id, (one) => one && { ...one, status: "waiting", next: 0 });
}

export async function forgetSent() {
  const old = (await items()).filter((one) => one.status === "done" && one.doneAt < Date.now() - KEEP_SENT);
  const waiting = new Set((await all("photos")).map((one) => one.command));
  const gone = old.filter((one) => !waiting.has(one.id));
  if (gone.length) await write(gone.map((one) => ["outbox", null, one.id]));
}

// How many wait, must be corrected, and how many photos follow.
export async function counts() {
  const found = await items();
  const photos = await all("photos");
  return {
    waiting: found.filter((one) => one.status === "waiting").length + new Set(photos.filter((one) => !one.error && found.find((entry) => entry.id === one.command)?.status === "done").map((one) => one.command)).size,
    wrong: found.filter((one) => one.status === "refused" || one.status === "conflict").length + photos.filter((one) => one.error).length,
    photos: photos.length,
    bytes: photos.reduce((sum, one) => sum + one.size, 0),
  };
}
