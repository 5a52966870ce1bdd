// A photo from the camera or the gallery, made smaller on the phone, with its fingerprint.

const LONGEST = 1600;
const QUALITY = 0.8;
export const ONE_PHOTO = 1_500_000; // bytes that a photo may need

export async function shrink(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("photo"))), "image/jpeg", QUALITY);
  });
}

export async function prepared(blob, field) {
  const bytes = await blob.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
  return { id: crypto.randomUUID(), field, blob: new Blob([bytes], { type: blob.type }), size: bytes.byteLength, sha256 };
}

const LITTLE = 50_000_000; // bytes
const LITTLE_SHARE = 0.1; // of what the browser may use

// Whether the storage is nearly full: it is said before anything fails.
export async function isNearlyFull() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) || {};
  return quota > 0 && quota - usage < Math.max(LITTLE, quota * LITTLE_SHARE);
}

// Whether so many bytes still fit, with room for the browser's own needs.
export async function hasRoom(bytes) {
  const estimate = await navigator.storage?.estimate?.();
  return !estimate?.quota || estimate.quota - estimate.usage > bytes * 2 + 5_000_000;
}
