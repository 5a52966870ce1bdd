// Somebody who types or points is here, though nothing is sent yet: a long answer is not cut off by the idle sign-out.

const EVERY_MS = 240_000;
let told = Date.now(); // the page itself was an act

function act() {
  if (Date.now() - told < EVERY_MS) return;
  told = Date.now();
  fetch(document.body.dataset.presentUrl, { credentials: "same-origin", redirect: "manual" }).catch(() => {});
}

export function start() {
  if (!document.body.dataset.presentUrl) return;
  for (const name of ["keydown", "pointerdown", "wheel"]) addEventListener(name, act, { passive: true });
}
