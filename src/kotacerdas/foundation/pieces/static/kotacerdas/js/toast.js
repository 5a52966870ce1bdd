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

export function start() {
  const box = document.querySelector("[data-toasts]");
  if (!box) return;
  box.querySelectorAll(".toast").forEach(settle);
  new MutationObserver((changes) => {
    for (const change of changes) for (const added of change.addedNodes) if (added.matches?.(".toast")) settle(added);
  }).observe(box, { childList: true });
}
