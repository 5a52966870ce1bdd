// One photo on its way: made smaller on the phone, sent with its progress, and stopped when asked. The place the camera
// wrote is read here, since the smaller copy no longer has it. Fetched when somebody is about to choose a photo.
//
// Each photo has a name of ours (`id`): sent again since no answer came, it is stored once; and one that is removed here is
// taken back by the form, since it may have arrived without our knowing.

import { smaller } from "../kotacerdas/js/smaller.js";
import { nameAddress } from "./draft.js";
import { place } from "./exif.js";

const REFUSED = [409, 422]; // these answers say why; the list of what is stored comes with 200

function formOf(form, photo, small, where) {
  const data = new FormData(form);
  data.set("photo", small, "photo.jpg");
  data.set("photo_id", photo.id);
  if (where) {
    data.set("photo_lat", where.lat);
    data.set("photo_lng", where.lng);
  }
  return data;
}

function takeBack(photo, form) {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "remove", value: photo.id }));
}

function post(url, data, request, progress) {
  return new Promise((done, failed) => {
    const fail = () => failed(new (REFUSED.includes(request.status) ? RangeError : Error)(request.responseText));
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => (request.status === 200 ? done(request.responseText) : fail());
    request.onerror = request.onabort = fail;
    request.open("POST", url);
    request.send(data);
  });
}

function show(list, form) {
  const box = form.querySelector("[data-photos]");
  const isHere = box.contains(document.activeElement);
  box.innerHTML = list;
  if (isHere) box.focus();
  nameAddress();
  for (const hint of document.querySelectorAll("[data-without]")) hint.hidden = Boolean(box.querySelector("img"));
  form.dispatchEvent(new Event("input"));
}

function refuse(words, why) {
  words.role = "alert";
  words.dataset.refused = why;
}

async function send(photo, form, box, words) {
  const bar = photo.row.querySelector("progress");
  bar.value = 0;
  words.textContent = words.dataset.smaller;
  const [small, where] = await Promise.all([smaller(photo.file), place(photo.file).catch(() => null)]);
  if (!photo.row.isConnected) throw new Error("stopped");
  if (small.size > Number(box.dataset.mostMb) * 1024 * 1024) throw new RangeError(words.dataset.refused);
  const request = new XMLHttpRequest();
  photo.id ??= `${Date.now()}${Math.random()}`;
  photo.stop = () => {
    request.abort();
    takeBack(photo, form);
  };
  show(
    await post(box.dataset.photosUrl, formOf(form, photo, small, where), request, (share) => {
      bar.value = Math.round(share * 100);
      words.textContent = `${words.dataset.sending}, ${bar.value}%`;
    }),
    form,
  );
  photo.stop = null;
}

// Shows the list of what is stored then. A RangeError where the photo is refused, another where it did not arrive.
export async function upload(photo, form, box) {
  const words = photo.row.querySelector("[data-state]");
  try {
    await send(photo, form, box, words);
  } catch (error) {
    if (error.name === "RangeError") refuse(words, error.message);
    throw error;
  }
}
