// What makes the phone's data unreadable without its PIN: keys, sealed rows and the sealed export, by WebCrypto alone.
//
// A random key seals every row; the PIN opens that key. A row's ids, order, state, sizes and times stay plain, by which
// the outbox is counted while it is locked; everything else of it is sealed, bound to its store and id. See ADR 35.

export const SHORTEST_PIN = 6;
const ROUNDS = 600_000; // of PBKDF2-HMAC-SHA-256
const PLAIN = {
  records: ["kind", "id"],
  outbox: ["id", "form", "item", "at", "seq", "status", "tries", "after", "next", "code", "doneAt", "replaces"],
  photos: ["id", "command", "field", "size", "sent", "tries", "error"],
  drafts: ["id", "at"],
  phone: ["name", "phone", "offset", "server"], // the row of that name in `meta`
};
const KEPT_OPEN = ["records", "outbox"]; // opened rows that are small and asked for at every drawing
const AS_FILE = ["photos", "drafts"]; // large ones: the browser reads them when they are opened, not when rows are counted
const BLOB = "\u0000blob";
const utf8 = (text) => new TextEncoder().encode(text);
const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
let held = null; // the open key, in memory only: its name and a CryptoKey that cannot be read out
let opened = new Map(); // rows by their place, with the nonce that they were sealed with

export class Locked extends Error {}

export const heldKey = () => held?.name ?? "";
export function hold(name, key) { held = { name, key }; }
export function drop() { held = null; opened = new Map(); }

// "" for a PIN that may be used, else "short" or "trivial".
export function pinFlaw(pin) {
  if ([...pin].length < SHORTEST_PIN) return "short";
  const steps = [...pin].slice(1).map((letter, at) => letter.codePointAt(0) - pin.codePointAt(at));
  const isRun = [0, 1, -1].some((step) => steps.every((one) => one === step || (step && one === -9 * step)));
  const repeats = [1, 2, 3].some((length) => pin === pin.slice(0, length).repeat(pin.length).slice(0, pin.length));
  return isRun || repeats || /^(password|rahasia|qwerty|indonesia)\d*$/i.test(pin) ? "trivial" : "";
}

async function keyOfPin(pin, salt, rounds) {
  const typed = await crypto.subtle.importKey("raw", utf8(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

const usable = (raw, isReadable = false) => crypto.subtle.importKey("raw", raw, "AES-GCM", isReadable, ["encrypt", "decrypt"]);
export const nameOf = async (raw) => hex(await crypto.subtle.digest("SHA-256", raw)).slice(0, 32);

// A new key of 32 bytes, its name and a CryptoKey of it.
export async function newKey() {
  const raw = random(32);
  return { raw, name: await nameOf(raw), key: await usable(raw) };
}

// The row that keeps a key behind a PIN.
export async function wrapped(raw, pin) {
  const [salt, iv, name] = [random(16), random(12), await nameOf(raw)];
  const how = { name: "AES-GCM", iv, additionalData: utf8(`vault ${name}`) };
  const data = await crypto.subtle.wrapKey("raw", await usable(raw, true), await keyOfPin(pin, salt, ROUNDS), how);
  return { name: "vault", key: name, rounds: ROUNDS, salt, iv, data: new Uint8Array(data) };
}

// The key behind a PIN; null for a wrong one.
export async function unwrapped({ key, rounds, salt, iv, data }, pin, isReadable = false) {
  const how = { name: "AES-GCM", iv, additionalData: utf8(`vault ${key}`) };
  const by = await keyOfPin(pin, salt, rounds);
  return crypto.subtle.unwrapKey("raw", data, by, how, "AES-GCM", isReadable, ["encrypt", "decrypt"]).catch(() => null);
}

export const rawOf = async (key) => new Uint8Array(await crypto.subtle.exportKey("raw", key));

const plainOf = (store, row) => (store === "meta" ? (row?.name === "phone" ? PLAIN.phone : null) : PLAIN[store]);
const place = (store, row) => JSON.stringify([store, row.kind ?? row.name ?? "", row.id ?? ""]);
export const isSealable = (store, row) => Boolean(row && plainOf(store, row));

// What of a row is readable without the key.
export function plainPart(store, row) {
  const names = plainOf(store, row);
  return names ? Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]])) : row;
}

// The row with all but its plain part sealed under the held key. Locked when none is held.
export async function sealed(store, row) {
  if (!held) throw new Locked();
  const plain = plainPart(store, row);
  const rest = Object.fromEntries(Object.entries(row).filter(([name]) => !(name in plain) && name !== "sealed"));
  const iv = random(12);
  const how = { name: "AES-GCM", iv, additionalData: utf8(place(store, row)) };
  const data = await crypto.subtle.encrypt(how, held.key, await packed(rest));
  return { ...plain, sealed: { key: held.name, iv, data: AS_FILE.includes(store) ? new Blob([data]) : data } };
}

// A row as it was before it was sealed; a plain one as it is. Locked when its key is not held.
export async function openedRow(store, row) {
  if (!row?.sealed) return row;
  const { key, iv, data } = row.sealed;
  if (held?.name !== key) throw new Locked();
  const at = place(store, row);
  const nonce = hex(iv);
  const before = opened.get(at);
  const plain = plainPart(store, row);
  if (before?.nonce === nonce) return { ...plain, ...before.rest };
  const shut = data instanceof Blob ? await data.arrayBuffer() : data;
  if (!held) throw new Locked(); // it fell while the file was read
  const rest = unpacked(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8(at) }, held.key, shut));
  if (KEPT_OPEN.includes(store) && held) opened.set(at, { nonce, rest });
  return { ...plain, ...rest };
}

// A value with its files as bytes: the length of its JSON, the JSON, then the files one after another.
async function packed(value) {
  const files = [];
  const text = utf8(JSON.stringify(value, (_name, one) => (one instanceof Blob ? { [BLOB]: files.push(one), size: one.size, type: one.type } : one)));
  const length = new Uint8Array(new Uint32Array([text.length]).buffer);
  return new Uint8Array(await new Blob([length, text, ...files]).arrayBuffer());
}

function unpacked(bytes) {
  const length = new Uint32Array(bytes.slice(0, 4))[0];
  let from = 4 + length;
  return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)), (_name, one) => {
    if (!one?.[BLOB]) return one;
    from += one.size;
    return new Blob([bytes.slice(from - one.size, from)], { type: one.type });
  });
}

// The exported outbox, sealed under a key made from the phone's export key; `sync/rescue.py` opens it.
export async function sealedFile(text, { exportKey, phone, salt = random(16), iv = random(12) }) {
  const given = await crypto.subtle.importKey("raw", utf8(exportKey || "-"), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8("kotacerdas.outbox") };
  const key = await crypto.subtle.deriveKey(how, given, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(`kotacerdas.outbox ${phone}`) }, key, utf8(text));
  return { kind: "kotacerdas.outbox", version: 2, phone, salt: base64(salt), iv: base64(iv), data: base64(data) };
}

export function base64(bytes) {
  const all = new Uint8Array(bytes);
  const parts = [];
  for (let at = 0; at < all.length; at += 0x8000) parts.push(String.fromCharCode(...all.subarray(at, at + 0x8000)));
  return btoa(parts.join(""));
}

export const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
