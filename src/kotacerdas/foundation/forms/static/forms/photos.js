// A photo that was not sent stays here and is tried again; nobody goes on without it unasked.

const box = document.querySelector("[data-photos-url]");
const form = document.querySelector("form[data-draft]");
const ask = box.querySelector("[data-ask]");
const onwards = document.querySelector("[data-onwards]");

// What is chosen and not stored, in state waiting, sending, failed or refused.
const unsent = new Set();
const inState = (state) => [...unsent].filter((photo) => photo.state === state);
let isSending = false;
let pressed = null; // the button that waits for the photos
let isLeaving = false; // it goes on by itself once they are there

function put(photo, state) {
  const words = photo.row.querySelector("[data-state]");
  photo.state = state;
  words.textContent = words.dataset[state] ?? "…";
  if (state === "waiting" && photo.row.matches(":focus-within")) photo.row.focus();
  photo.row.querySelector("[data-again]").hidden = state !== "failed";
  photo.row.classList.toggle("failed", ["failed", "refused"].includes(state));
}

function leave(photo) {
  unsent.delete(photo);
  if (photo.row.matches(":focus-within")) box.querySelector("[data-photos]").focus();
  photo.row.remove();
  photo.stop?.();
}

function newPhoto(file) {
  const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
  const photo = { file, row };
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-again]").addEventListener("click", () => sendAll([photo]));
  row.querySelector("[data-cancel]").addEventListener("click", () => {
    leave(photo);
    if (!isSending) settle();
  });
  box.querySelector("[data-rows]").append(row);
  row.querySelector("img").src = URL.createObjectURL(file);
  unsent.add(photo);
  return photo;
}

async function send(photo) {
  if (!navigator.onLine) return put(photo, "failed"); // a module not fetched now stays unfetched
  put(photo, "sending");
  try {
    const { upload } = await import("./upload.js");
    await upload(photo, form, box);
    leave(photo);
    for (const other of inState("failed")) put(other, "waiting"); // there is a line again
  } catch (error) {
    if (unsent.has(photo)) put(photo, error.name === "RangeError" ? "refused" : "failed");
  }
}

async function sendAll(photos) {
  for (const photo of photos) put(photo, "waiting");
  if (isSending || !photos.length) return;
  isSending = true;
  ask.hidden = true;
  for (let next; ([next] = inState("waiting")) && next; ) await send(next);
  isSending = false;
  settle();
}

// Nothing is under way: whoever pressed on goes on, or is asked first.
function settle() {
  if (!unsent.size) ask.hidden = true;
  if (isLeaving) (unsent.size ? askFirst : goOn)();
}

function showWaiting(isWaiting) {
  isLeaving = isWaiting;
  onwards.dataset.plain ??= onwards.textContent;
  onwards.textContent = onwards.dataset[isWaiting ? "waiting" : "plain"];
  onwards.parentElement.ariaBusy = isWaiting;
}

function askFirst() {
  showWaiting(isSending);
  ask.querySelector("b").textContent = ask.dataset[isSending ? "sending" : "failed"];
  ask.hidden = false;
  ask.focus();
}

// The button may have come anew with the list of photos.
function goOn() {
  showWaiting(false);
  form.requestSubmit([...form.elements].find(({ name, value }) => name === pressed.name && value === pressed.value));
}

function onSubmit(event) {
  if (!unsent.size) return;
  event.preventDefault();
  event.stopPropagation();
  pressed = event.submitter;
  askFirst();
}

document.querySelector("main").addEventListener("submit", onSubmit, true);
addEventListener("online", () => sendAll(inState("failed")));

ask.querySelector("[data-ask-again]").addEventListener("click", () => {
  sendAll(inState("failed"));
  askFirst();
});

ask.querySelector("[data-ask-without]").addEventListener("click", () => {
  unsent.forEach(leave);
  goOn();
});

for (const input of box.querySelectorAll("[data-pick]")) {
  input.addEventListener("click", () => navigator.onLine && import("./upload.js").catch(() => {}));
  input.addEventListener("change", () => {
    inState("refused").forEach(leave); // another was chosen instead
    sendAll([...input.files].map(newPhoto));
    input.value = "";
  });
}
