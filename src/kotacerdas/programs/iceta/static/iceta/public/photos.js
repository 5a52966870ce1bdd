// Photos are made smaller on the phone, sent one by one with their progress, and can be stopped.
// The place the camera wrote is read here, since the smaller copy no longer has it.

import { nameAddress } from "./draft.js";

const box = document.querySelector("[data-photos-url]");
const form = document.querySelector("form[data-draft]");
const list = box.querySelector("[data-photos]");
const rows = box.querySelector("[data-rows]");
const mostBytes = Number(box.dataset.mostMb) * 1024 * 1024;

async function placeOf(file) {
  try {
    const { place } = await import("./exif.js");
    return await place(file);
  } catch {
    return null; // no place in it, or not reachable now: the village can be chosen
  }
}

async function smallerOf(file) {
  try {
    const { smaller } = await import("../../kotacerdas/js/smaller.js");
    return await smaller(file);
  } catch {
    return file; // not reachable now: it goes as it is
  }
}

function send(data, row, progress) {
  const request = new XMLHttpRequest();
  row.querySelector("[data-cancel]").addEventListener("click", () => request.abort());
  return new Promise((done, failed) => {
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => done(request);
    request.onerror = () => failed(new Error("network"));
    request.onabort = () => failed(new DOMException("stopped", "AbortError"));
    request.open("POST", box.dataset.photosUrl);
    request.send(data);
  });
}

function newRow(file) {
  const row = box.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = file.name;
  rows.append(row);
  const picture = row.querySelector("img");
  picture.src = URL.createObjectURL(file);
  picture.onload = picture.onerror = () => URL.revokeObjectURL(picture.src);
  return row;
}

async function add(file) {
  const row = newRow(file);
  const words = row.querySelector("[data-state]");
  const bar = row.querySelector("progress");
  let stopped = false;
  row.querySelector("[data-cancel]").addEventListener("click", () => {
    stopped = true;
    row.remove();
  });
  words.textContent = words.dataset.smaller;
  const [small, where] = await Promise.all([smallerOf(file), placeOf(file)]);
  if (stopped) return;
  if (small.size > mostBytes) {
    words.textContent = words.dataset.toobig;
    words.classList.add("bad");
    return;
  }
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "key", "submission_key"]) data.set(name, form.elements[name].value);
  data.set("photo", small, "photo.jpg");
  if (where) {
    data.set("photo_lat", where.lat);
    data.set("photo_lng", where.lng);
  }
  try {
    const answer = await send(data, row, (share) => {
      bar.value = Math.round(share * 100);
      words.textContent = `${words.dataset.sending}, ${bar.value}%`;
    });
    if (!answer.getResponseHeader("content-type")?.startsWith("text/html") || answer.status >= 500 || answer.status === 429) {
      throw new Error(String(answer.status));
    }
    list.innerHTML = answer.responseText;
    nameAddress();
    row.remove();
    for (const hint of document.querySelectorAll("[data-without]")) hint.hidden = Boolean(list.querySelector("img"));
    form.dispatchEvent(new Event("input"));
  } catch (error) {
    if (error.name === "AbortError") return;
    words.textContent = words.dataset.failed;
    words.classList.add("bad");
  }
}

async function addAll(files) {
  for (const file of files) await add(file);
}

for (const input of box.querySelectorAll("[data-pick]")) {
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    addAll(files);
  });
}

