// The draft is done: forget it, if it was this one. Copy the secret link where the browser can.

const PLACE = "kotacerdas.draft";
const { mark } = document.querySelector("[data-sent]").dataset;
try {
  for (const place of Object.keys(localStorage).filter((one) => one.startsWith(PLACE))) {
    const fields = JSON.parse(localStorage.getItem(place))?.fields ?? {};
    if (mark && [fields.draf, fields.submission_key].includes(mark)) localStorage.removeItem(place);
  }
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
