// The screen stays on while a position is measured or somebody is on the way; it is let go when the page is left.

let lock = null;
let isWanted = false;

export async function stayAwake() {
  isWanted = true;
  if (lock || document.visibilityState !== "visible") return;
  try {
    lock = (await navigator.wakeLock?.request("screen")) || null;
    lock?.addEventListener("release", () => { lock = null; });
    if (!isWanted) letSleep();
  } catch { /* the battery is low: the screen goes off as ever */ }
}

export function letSleep() {
  isWanted = false;
  lock?.release();
  lock = null;
}

addEventListener("visibilitychange", () => document.visibilityState === "hidden" && letSleep());
