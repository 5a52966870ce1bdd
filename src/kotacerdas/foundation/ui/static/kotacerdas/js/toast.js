// Messages of success leave after six seconds; errors stay until closed.

const STAY_MS = 6000;

export function settle(toast) {
  if ("leaves" in toast.dataset) {
    setTimeout(() => {
      toast.classList.add("leaving");
      setTimeout(() => toast.remove(), 300);
    }, STAY_MS);
  } else {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "link";
    close.textContent = toast.parentElement.dataset.close;
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
  }
}

// A message made here. `way` is a button beside its words: {label, url}, the page that it opens.
export function show(words, tone, { leaves = false, way = null } = {}) {
  const line = document.createElement("p");
  const text = document.createElement("span");
  text.textContent = words;
  line.className = `toast ${tone}`;
  if (leaves) line.dataset.leaves = "";
  line.append(text);
  if (way) line.append(button(way));
  document.querySelector("[data-toasts]").append(line);
  return line;
}

function button({ label, url }) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link";
  made.textContent = label;
  made.addEventListener("click", () => location.assign(url));
  return made;
}

export function start() {
  const box = document.querySelector("[data-toasts]");
  if (!box) return;
  box.querySelectorAll(".toast").forEach(settle);
  new MutationObserver((changes) => {
    for (const change of changes) for (const added of change.addedNodes) if (added.matches?.(".toast")) settle(added);
  }).observe(box, { childList: true });
}
