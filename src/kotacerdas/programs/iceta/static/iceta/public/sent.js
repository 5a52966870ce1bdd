// The draft is done: forget it, if it was this one. Copy the secret link where the browser can.

const KEY = "kotacerdas.draft";
const sent = document.querySelector("[data-sent]").dataset.sent;
try {
  const kept = JSON.parse(localStorage.getItem(KEY));
  if (kept?.fields?.submission_key === sent) localStorage.removeItem(KEY);
} catch {
  // Storage is switched off, so nothing was kept.
}

const box = document.querySelector("[data-copy-box]");
if (navigator.clipboard && box) {
  box.hidden = false;
  const button = box.querySelector("[data-copy]");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector("[data-secret]").textContent);
    button.querySelector("span").textContent = button.dataset.done;
  });
}
