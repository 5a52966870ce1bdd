// A code on a photo: read on the phone where the browser can, else by the server.

import { language, urls } from "./dom.js";
import { shrink } from "./photos.js";
import { read } from "./store.js";

// The text of the code; "" where none is seen. TypeError without a connection.
export async function scan(file) {
  const blob = await shrink(file);
  if (globalThis.BarcodeDetector) {
    const found = await new BarcodeDetector().detect(await createImageBitmap(blob)).catch(() => []);
    if (found.length) return found[0].rawValue;
  }
  const phone = await read("meta", "phone");
  const answer = await fetch(urls.scan, { method: "POST", body: blob, credentials: "omit", headers: { Authorization: `Bearer ${phone?.token}`, "X-Language": language(), "Content-Type": "image/jpeg" } });
  const told = await answer.json();
  if (!answer.ok) throw new Error([told.words, told.remedy].filter(Boolean).join(" "));
  return told.text;
}
