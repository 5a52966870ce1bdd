// The server's time as this phone knows it: its own clock and the offset measured at the last contact.

import { change, read } from "./store.js";

const JUMP = 30_000;
const base = () => Date.now() - performance.now();
let steady = base();

// Milliseconds of the server's clock. A clock that somebody moved while the app was open is noticed and taken off.
export async function serverNow() {
  const moved = base() - steady;
  if (Math.abs(moved) > JUMP) {
    steady += moved;
    await change("meta", "phone", (phone) => phone && { ...phone, offset: (phone.offset || 0) - moved });
  }
  const phone = await read("meta", "phone");
  return Date.now() + (phone?.offset || 0);
}

// The offset by an answer that took from `sent` to now.
export function offsetBy(answered, sent) {
  return Math.round(answered - (sent + Date.now()) / 2);
}
