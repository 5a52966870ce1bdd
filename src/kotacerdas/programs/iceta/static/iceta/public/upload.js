// One photo on its way: made smaller on the phone, sent with its progress, and stopped when asked. The place the camera
// wrote is read here, since the smaller copy no longer has it. Fetched when somebody is about to choose a photo.

import { smaller } from "../../kotacerdas/js/smaller.js";
import { nameAddress } from "./draft.js";
import { place } from "./exif.js";

const LISTED = [200, 409, 422]; // answers that are the list of what is stored, perhaps with what was wrong

function formOf(elements, small, where) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "key", "submission_key"]) data.set(name, elements[name].value);
  data.set("photo", small, "photo.jpg");
  if (where) {
    data.set("photo_lat", where.lat);
    data.set("photo_lng", where.lng);
  }
  return data;
}

function post(url, data, photo, progress) {
  const request = new XMLHttpRequest();
  photo.stop = () => request.abort();
  return new Promise((done, failed) => {
    const fail = () => failed(new Error(`${request.status}`));
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => (LISTED.includes(request.status) ? done(request.responseText) : fail());
    request.onerror = request.onabort = fail;
    request.open("POST", url);
    request.send(data);
  });
}

function show(list, form) {
  const box = form.querySelector("[data-photos]");
  box.innerHTML = list;
  nameAddress();
  for (const hint of document.querySelectorAll("[data-without]")) hint.hidden = Boolean(box.querySelector("img"));
  form.dispatchEvent(new Event("input"));
}

// Shows the list of what is stored then. A RangeError where the photo is too large, another where it did not arrive.
export async function upload(photo, form, box) {
  const bar = photo.row.querySelector("progress");
  const words = photo.row.querySelector("[data-state]");
  bar.value = 0;
  words.textContent = words.dataset.smaller;
  const [small, where] = await Promise.all([smaller(photo.file), place(photo.file).catch(() => null)]);
  if (!photo.row.isConnected) throw new Error("stopped");
  if (small.size > Number(box.dataset.mostMb) * 1024 * 1024) throw new RangeError("too large");
  const list = await post(box.dataset.photosUrl, formOf(form.elements, small, where), photo, (share) => {
    bar.value = Math.round(share * 100);
    words.textContent = `${words.dataset.sending}, ${bar.value}%`;
  });
  show(list, form);
}
