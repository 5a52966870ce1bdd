// Live fragments: the page hears "something changed" and fetches its own view again, through its own rights.
// body[data-live-url] names the stream; each [data-live] element with an id is swapped from the fresh page.
// A page that no longer moves says so, in the words of body[data-live-out] and [data-live-lost].

import { show } from "./toast.js";

const JITTER_MS = 1500;
const RETRY_MS = 8000;
const GONE = [403, 404];
const MOST_MS = 256_000;
const MISSES = 2; // in a row, before it is said that nothing comes
let stream = null;
let timer = 0;
let running = false;
let again = false;
let misses = 0;
let reopened = 0; // streams in a row that were opened anew and never heard
let trouble = { kind: "", line: null };

const busy = (element) => element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

async function refresh() {
  clearTimeout(timer);
  timer = 0;
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" });
    if (answer.redirected) leftFor(answer.url);
    else if (GONE.includes(answer.status)) misses = 0; // what is shown is no longer for these eyes: it stays as it was
    else if (!answer.ok) missed();
    else moved(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    missed();
  } finally {
    running = false;
    if (again) {
      again = false;
      later();
    }
  }
}

// The door leads back to this page; another way out, as from a case that was merged, is no news of the session.
function leftFor(url) {
  misses = 0;
  if (new URL(url).searchParams.has("next")) stopped("out", url);
}

function moved(fresh) {
  misses = 0;
  trouble.line?.remove();
  trouble = { kind: "", line: null };
  swap(fresh);
  const url = fresh.body.dataset.liveUrl;
  if (stream.readyState !== EventSource.CLOSED || !url) return; // else its pass had run out
  reopened += 1;
  listen(url);
}

// The stream comes back by itself; until then the page asks, and less and less often.
function retry() {
  if (!timer) later(Math.min(RETRY_MS * 2 ** Math.max(0, misses - 1, reopened), MOST_MS));
}

function missed() {
  misses += 1;
  if (misses >= MISSES) stopped("lost");
  retry();
}

// Said once. No figure looks fresh any more until one comes.
function stopped(kind, url = "") {
  const { liveOut, liveLost, liveIn } = document.body.dataset;
  const words = kind === "out" ? liveOut : liveLost;
  if (!words || trouble.kind === kind) return;
  trouble.line?.remove();
  trouble = { kind, line: show(words, "terasi", { way: url ? { label: liveIn, url } : null }) };
  for (const tile of document.querySelectorAll("[data-stale-after]")) tile.classList.replace("fresh", "stale");
}

function swap(fresh) {
  for (const old of document.querySelectorAll("[data-live][id]")) {
    const next = fresh.getElementById(old.id);
    if (!next || busy(old) || next.outerHTML === old.outerHTML) continue;
    const top = old.scrollTop;
    const kept = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(next));
    next.scrollTop = top;
    window.htmx?.process(next);
    if (kept) document.getElementById(kept)?.focus({ preventScroll: true });
    next.dispatchEvent(new CustomEvent("live:swapped", { bubbles: true }));
  }
}

// Thousands of pages hear the same event: each waits a moment of its own.
function later(least = 0) {
  clearTimeout(timer);
  timer = setTimeout(refresh, least + Math.random() * JITTER_MS);
}

function listen(url) {
  stream = new EventSource(url);
  for (const name of (document.body.dataset.liveEvents ?? "sealed").split(" ")) stream.addEventListener(name, () => later());
  stream.onmessage = () => later();
  stream.onopen = () => {
    reopened = 0;
    if (misses) later();
  };
  stream.onerror = retry;
}

export function start() {
  const { liveUrl, liveEvery } = document.body.dataset;
  if (!liveUrl || !("EventSource" in window)) return;
  listen(liveUrl);
  if (liveEvery) setInterval(refresh, liveEvery * 1000); // a screen nobody touches learns by itself that it was signed out
  addEventListener("online", () => later());
  addEventListener("pagehide", () => stream.close());
}
