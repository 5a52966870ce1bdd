// A photo as a copy that a weak line carries: 1600 px on its longer side. What this browser cannot draw (HEIC) stays as it is.

const LONGEST = 1600;
const QUALITY = 0.8;
const ENOUGH = 350 * 1024; // a JPEG this small is sent as it is

export async function smaller(file) {
  if (file.type === "image/jpeg" && file.size <= ENOUGH) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const pen = canvas.getContext("2d"); // of sRGB, to which the browser converts
    pen.fillStyle = "#fff"; // behind what is transparent, as the server does
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
}
