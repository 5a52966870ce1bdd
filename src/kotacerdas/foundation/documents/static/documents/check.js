// A chosen file's SHA-256 is compared with those of the paper, on this device.

const box = document.querySelector("[data-hashes]");
const known = box.dataset.hashes.trim().split(/\s+/);

box.querySelector("[data-file]").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const hash = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  box.querySelector("[data-same]").hidden = !known.includes(hash);
  box.querySelector("[data-other]").hidden = known.includes(hash);
});
