// The PIN of this phone: set, typed, changed, chosen anew; and the lock that falls when the page is left.

import { call } from "./exchange.js";
import { change, lockState, peek, sealAll, write } from "./store.js";
import { base64, drop, fromBase64, heldKey, hold, nameOf, newKey, rawOf, unwrapped, wrapped } from "./vault.js";

export const LOCK_AFTER = 5 * 60_000; // in a page that is hidden
const LONGEST_DELAY = 5 * 60; // seconds after many wrong ones

let picked = 0;
// Somebody went to the camera or the gallery: the page is hidden for that, and its form waits for the photo.
export const picking = () => { picked = Date.now(); };

export class WrongPin extends Error {
  // seconds  until the next one is taken
  constructor(seconds) {
    super("pin");
    this.seconds = seconds;
  }
}

const delayAfter = (fails) => Math.min(LONGEST_DELAY, 2 ** Math.max(0, fails - 1));

// Set the PIN and seal what stands on the phone. The server is given the key first, so that a forgotten PIN loses
// nothing: without contact nothing is set (TypeError).
export async function setPin(pin, url, language) {
  if ((await lockState()) !== "none") throw new Error("pin_exists");
  const { raw, name, key } = await newKey();
  const row = await wrapped(raw, pin);
  const { check } = await call(url, language, { method: "POST", body: JSON.stringify({ name, key: base64(raw) }), headers: { "Content-Type": "application/json" } });
  hold(name, key);
  try {
    await write([["meta", { ...row, check, fails: 0, next: 0 }]], async (_rows, at) => {
      if (await at("meta").get("vault")) throw new Error("pin_exists"); // in another tab, just now
    });
  } catch (error) {
    drop();
    throw error;
  }
  await sealAll();
}

// The row of the PIN, and the key that this PIN opens. WrongPin for another one, and while the next may not be tried.
// A try is counted before it is made, so that neither a reload nor a second tab gives one for nothing.
async function tried(pin, isReadable = false) {
  let wait = 0;
  const row = await change("meta", "vault", (now) => {
    const longest = delayAfter(now.fails) * 1000;
    wait = Math.min(longest, now.next - Date.now());
    if (wait > 0) return { ...now, next: Date.now() + wait }; // a clock that was set back makes it no longer
    return { ...now, fails: now.fails + 1, next: Date.now() + delayAfter(now.fails + 1) * 1000 };
  });
  if (wait > 0) throw new WrongPin(Math.ceil(wait / 1000));
  const key = await unwrapped(row, pin, isReadable);
  if (!key) throw new WrongPin(delayAfter(row.fails));
  await change("meta", "vault", (now) => ({ ...now, fails: 0, next: 0 }));
  return { row, key };
}

export async function unlock(pin) {
  const { row, key } = await tried(pin);
  hold(row.key, key);
  await sealAll().catch(() => {}); // what an interrupted setting left plain; one row that will not be sealed locks nobody out
}

export async function changePin(before, pin) {
  const { row, key } = await tried(before, true);
  const made = await wrapped(await rawOf(key), pin);
  await change("meta", "vault", (now) => now?.key === row.key && { ...now, ...made });
}

// A new PIN around the key that the server kept, for who forgot the old one.
export async function chooseAnew(key, pin) {
  const raw = fromBase64(key);
  const made = await wrapped(raw, pin);
  const row = await peek("meta", "vault");
  if (row?.key !== (await nameOf(raw))) throw new Error("another key");
  await change("meta", "vault", (now) => ({ ...now, ...made, fails: 0, next: 0 }));
}

// Seconds until a PIN is taken again.
export async function pause() {
  const row = await peek("meta", "vault");
  return row ? Math.max(0, Math.ceil(Math.min(delayAfter(row.fails), (row.next - Date.now()) / 1000))) : 0;
}

// Drop the key when the page was hidden for so long; `locked` is called then.
export function lockWhenLeft(locked) {
  let since = 0;
  let timer = 0;
  const lock = () => { if (heldKey()) { drop(); locked(); } };
  const longest = () => (since - picked < 10_000 ? 3 * LOCK_AFTER : LOCK_AFTER);
  addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") {
      since = Date.now();
      timer = setTimeout(lock, longest());
    } else if (since && Date.now() - since >= longest()) lock(); // its timers stood still
  });
  return lock;
}
