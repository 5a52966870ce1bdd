// Reads the place out of a JPEG's Exif block (Exif 2.32: GPS IFD, tags 1 to 4). Nothing else is read.

const HEAD = 256 * 1024;

function block(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 4 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const size = view.getUint16(at + 2);
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    if (marker === 0xda) return null;
    at += 2 + size;
  }
  return null;
}

function entries(view, base, at, little) {
  const found = new Map();
  const count = view.getUint16(base + at, little);
  for (let i = 0; i < count; i++) {
    const entry = base + at + 2 + 12 * i;
    found.set(view.getUint16(entry, little), entry + 8);
  }
  return found;
}

export async function place(file) {
  const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
  const base = block(view);
  if (base === null) return null;
  const little = view.getUint16(base) === 0x4949;
  const root = entries(view, base, view.getUint32(base + 4, little), little);
  if (!root.has(0x8825)) return null;
  const gps = entries(view, base, view.getUint32(root.get(0x8825), little), little);
  const degrees = (tag) => {
    const at = base + view.getUint32(gps.get(tag), little);
    const part = (n) => view.getUint32(at + 8 * n, little) / view.getUint32(at + 8 * n + 4, little);
    return part(0) + part(1) / 60 + part(2) / 3600;
  };
  const letter = (tag) => String.fromCharCode(view.getUint8(gps.get(tag)));
  if (![1, 2, 3, 4].every((tag) => gps.has(tag))) return null;
  const lat = letter(1) === "S" ? -degrees(2) : degrees(2);
  const lng = letter(3) === "W" ? -degrees(4) : degrees(4);
  return Number.isFinite(lat) && Number.isFinite(lng) ? { lat: lat.toFixed(6), lng: lng.toFixed(6) } : null;
}
