// The server's time as this phone knows it: its own clock and the offset measured at the last contact.

import { change, peek } from "./store.js";

const JUMP = 30_000;
let seen = null; // the offset that `steady` goes with
const base = () => Date.now() - performance.now();
let steady = base();

// Milliseconds of the server's clock. A clock that somebody set back while the app was open is noticed and taken off.
export async function serverNow() {
  let phone = await peek("meta", "phone");
  const offset = phone?.offset || 0;
  const moved = base() - steady;
  if (seen !== offset) steady = base(); // measured anew, here or in another tab
  else if (moved < -JUMP) {
    // Forward it may be a phone that slept: only a clock set back is known to be one.
    phone = await change("meta", "phone", (now) => now && ((now.offset || 0) === offset ? { ...now, offset: offset - moved } : now));
    steady = base();
  }
  seen = phone?.offset || 0;
  return Date.now() + seen;
}

// The offset by an answer that took from `sent` to now.
export function offsetBy(answered, sent) {
  return Math.round(answered - (sent + Date.now()) / 2);
}
