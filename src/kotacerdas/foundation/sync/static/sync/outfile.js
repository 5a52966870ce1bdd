// The outbox as files for the desk, sealed with the phone's own key. Every file has all entries and some photos: the
// desk takes each entry once.

import { localDay, h } from "./dom.js";
import { serverNow } from "./clock.js";
import { items } from "./outbox.js";
import { peekAll, read } from "./store.js";
import { base64, sealedFile } from "./vault.js";

const MOST_EXPORTED = 5_000_000; // bytes of photos in one file; the desk takes 12 MB with their encoding

export async function saveFile() {
  const phone = await read("meta", "phone");
  const photos = await peekAll("photos");
  const entries = (await items()).filter((one) => one.status !== "done" || photos.some((photo) => photo.command === one.id));
  const waiting = new Set(entries.filter((one) => one.status === "waiting").map((one) => one.id)); // as when it is sent
  const today = localDay(await serverNow());
  const groups = bySize(photos);
  for (const [number, group] of groups.entries()) {
    const chosen = [];
    for (const { id } of group) {
      const { command, field, size, sha256, blob } = (await read("photos", id)) || {};
      if (blob) chosen.push({ id, command, field, size, sha256, data: base64(await blob.arrayBuffer()) });
    }
    const text = JSON.stringify({ kind: "kotacerdas.outbox", version: 2, phone: phone.phone, entries: entries.map((one) => ({ ...one, after: one.after.filter((other) => waiting.has(other)) })), photos: chosen });
    const href = URL.createObjectURL(new Blob([JSON.stringify(await sealedFile(text, phone))], { type: "application/json" }));
    h("a", { href, download: `kotak-keluar-${today}${groups.length > 1 ? `-${number + 1}` : ""}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }
}

// Photos in groups that fit in what a desk can take at once.
function bySize(photos) {
  const groups = [[]];
  let size = 0;
  for (const one of photos) {
    if (size + one.size > MOST_EXPORTED && size) { groups.push([]); size = 0; }
    groups.at(-1).push(one);
    size += one.size;
  }
  return groups;
}
