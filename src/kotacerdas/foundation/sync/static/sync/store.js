// What the phone keeps, in IndexedDB. Every change is one transaction: all of it stands, or none.
// Once a PIN is set, rows are sealed on their way in and opened on their way out (`vault.js`); others need not know.

import { drop, heldKey, isSealable, Locked, openedRow, plainPart, sealed } from "./vault.js";

const NAME = "lapangan";
const VERSION = 1;
const STORES = { meta: "name", records: ["kind", "id"], outbox: "id", photos: "id", drafts: "id" };
let opening = null;

class Stale extends Error {} // a PIN was set or a key changed between sealing and storing

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath });
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opening = null; };
      request.result.onclose = () => { opening = null; };
      resolve(request.result);
    };
    request.onerror = () => { opening = null; reject(request.error); };
  });
  return opening;
}

const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const raw = async (store, key) => result((await open()).transaction(store).objectStore(store).get(key));
const rawAll = async (store) => result((await open()).transaction(store).objectStore(store).getAll());

// One row. Locked where it is sealed and the PIN was not typed.
export const read = async (store, key) => openedRow(store, await raw(store, key));
export const all = async (store) => Promise.all((await rawAll(store)).map((row) => openedRow(store, row).catch((error) => damaged(store, row, error))));

// A row that its key does not open any more stops no other: its plain part, marked.
function damaged(store, row, error) {
  if (error instanceof Locked) throw error;
  const plain = plainPart(store, row);
  return { ...plain, ...(plain.status === "waiting" ? { status: "refused" } : {}), isDamaged: true, label: plain.form || "", fields: {}, values: {}, base: {}, files: [], photos: [], after: plain.after || [] };
}

// The part of a row that stays readable without the PIN; of all rows.
export async function peek(store, key) {
  const row = await raw(store, key);
  return row && plainPart(store, row);
}
export const peekAll = async (store) => (await rawAll(store)).map((row) => plainPart(store, row));

// "none" without a PIN, "locked" until it is typed in this page, then "open".
export async function lockState() {
  const vault = await raw("meta", "vault");
  if (!vault) return "none";
  return heldKey() === vault.key ? "open" : "locked";
}

function ended(running) {
  return new Promise((resolve, reject) => {
    running.oncomplete = resolve;
    running.onerror = running.onabort = () => reject(running.error || new Error("aborted"));
  });
}

// [[store, value], [store, null, key], [store, null]]: put, delete, empty; durable before it resolves. A fourth part is
// asked of the stored row: where it says no, that change is left out. `inside(rows, at)` runs first, in the same
// transaction: `rows` are the values as they will be stored, whose plain parts it may set, and `at(store)` reads and
// puts stored rows, of the changed stores and `also`. What it throws undoes all.
export async function write(changes, inside = null, also = []) {
  if (!changes.length) return;
  await attempt(changes, inside, also).catch((error) => {
    if (!(error instanceof Stale)) throw error;
    return attempt(changes, inside, also);
  });
  tell();
}

async function attempt(changes, inside, also) {
  const vault = await raw("meta", "vault");
  const rows = await Promise.all(changes.map(([store, row]) => {
    if (!vault || !isSealable(store, row)) return row;
    if (vault.key !== heldKey()) throw new Locked();
    return sealed(store, row);
  }));
  const names = [...new Set(["meta", ...also, ...changes.map(([store]) => store)])];
  const running = (await open()).transaction(names, "readwrite", { durability: "strict" });
  const done = ended(running);
  done.catch(() => {});
  const at = (name) => running.objectStore(name);
  try {
    if ((await result(at("meta").get("vault")))?.key !== vault?.key) throw new Stale();
    await inside?.(rows, (name) => ({ all: () => result(at(name).getAll()), get: (key) => result(at(name).get(key)), put: (row) => at(name).put(row) }));
    for (const [number, [store, value, key, when]] of changes.entries()) {
      if (when && !when(await result(at(store).get(key ?? value.id)))) continue;
      if (value !== null) at(store).put(rows[number]);
      else if (key === undefined) at(store).clear();
      else at(store).delete(key);
    }
  } catch (error) {
    try { running.abort(); } catch { /* it has ended by itself */ }
    throw error;
  }
  await done;
}

// Read, change and put the plain part of one row in one transaction, so that no other tab's change is lost.
export async function change(store, key, how, isTold = true) {
  const running = (await open()).transaction(store, "readwrite", { durability: "strict" });
  const done = ended(running);
  const at = running.objectStore(store);
  const next = how(await result(at.get(key)));
  if (next) at.put(next);
  await done;
  if (isTold) tell();
  return next;
}

export async function wipe() {
  await write(Object.keys(STORES).map((name) => [name, null]));
  drop();
}

// Seal every row that is still plain; each by itself, so that it may break off and go on at the next time.
export async function sealAll() {
  for (const store of Object.keys(STORES)) {
    for (const row of await rawAll(store)) {
      if (row.sealed || !isSealable(store, row)) continue;
      const made = await sealed(store, row);
      const key = [STORES[store]].flat().map((name) => row[name]);
      const seal = (now) => now && !now.sealed && { ...plainPart(store, now), sealed: made.sealed };
      await change(store, key.length > 1 ? key : key[0], seal, false);
    }
  }
  tell();
}

const channel = new BroadcastChannel("lapangan");
const listeners = new Set();
channel.onmessage = () => listeners.forEach((one) => one());

function tell() {
  channel.postMessage("changed");
  listeners.forEach((one) => one());
}

export function onChange(listener) {
  listeners.add(listener);
}
