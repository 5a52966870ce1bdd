// Live fragments: the page hears "something changed" and fetches its own view again, through its own rights.
// body[data-live-url] names the stream; each [data-live] element with an id is swapped from the fresh page.

const JITTER_MS = 1500;
let timer = 0;
let running = false;
let again = false;

const busy = (element) => element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

async function refresh() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // No network: the stream reconnects by itself, and the next event brings the page up to date.
  } finally {
    running = false;
    if (again) {
      again = false;
      later();
    }
  }
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
function later() {
  clearTimeout(timer);
  timer = setTimeout(refresh, Math.random() * JITTER_MS);
}

export function start() {
  const url = document.body.dataset.liveUrl;
  if (!url || !("EventSource" in window)) return;
  const stream = new EventSource(url);
  for (const name of (document.body.dataset.liveEvents ?? "sealed").split(" ")) stream.addEventListener(name, later);
  stream.onmessage = later;
  addEventListener("pagehide", () => stream.close());
}
