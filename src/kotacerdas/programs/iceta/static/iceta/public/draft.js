// The draft survives a closed browser: every change is kept on this phone until the report is sent.
// Without script the same pages carry it in hidden fields.

const KEY = "kotacerdas.draft";
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "from", "go", "remove", "q", "district", "choice", "photo"]);
const form = document.querySelector("form[data-draft]");

function fields() {
  const kept = {};
  for (const [name, value] of new FormData(form)) {
    if (!NOT_KEPT.has(name) && typeof value === "string") kept[name] = value;
  }
  return kept;
}

// The photos wait on the server under the draft's key; only their number is known here.
const photos = () =>
  form.dataset.draft === "photo" ? form.querySelectorAll("[data-photos] img").length : (load()?.photos ?? 0);

export function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function save() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ page: form.dataset.own, photos: photos(), fields: fields() }));
    document.querySelector("[data-saved]").hidden = false;
  } catch {
    document.querySelector("[data-saved]").hidden = true; // no room, or storage is switched off
  }
}

function offerResume(kept) {
  const notice = form.querySelector("[data-resume]");
  notice.querySelector("[data-resume-words]").textContent = kept.fields.words?.slice(0, 60) ?? "";
  notice.hidden = false;
  notice.querySelector("[data-resume-go]").addEventListener("click", () => {
    for (const [name, value] of Object.entries(kept.fields)) {
      const holders = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
      const holder = holders[0] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      if (holder.type === "radio" || holder.type === "checkbox") {
        for (const one of holders) one.checked = one.value === value;
        if (![...holders].some((one) => one.checked)) {
          form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
        }
      } else {
        holder.value = value;
      }
    }
    form.action = kept.page;
    HTMLFormElement.prototype.submit.call(form);
  });
  notice.querySelector("[data-resume-drop]").addEventListener("click", () => {
    localStorage.removeItem(KEY);
    notice.hidden = true;
    save();
  });
}

const worthResuming = (kept) =>
  kept?.fields?.key && Boolean(kept.fields.words || kept.fields.area || kept.fields.lat || kept.photos);

if (form) {
  const kept = load();
  if ("fresh" in form.dataset && worthResuming(kept)) offerResume(kept);
  else save();
  let timer = 0;
  form.addEventListener("input", () => {
    if (!form.querySelector("[data-resume]").hidden) return;
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  });

  const banner = document.querySelector("[data-offline]");
  const look = () => (banner.hidden = navigator.onLine);
  addEventListener("online", look);
  addEventListener("offline", look);
  look();

  form.addEventListener("submit", (event) => {
    if (form.querySelector("[data-resume]").hidden) save();
    if (!navigator.onLine) {
      event.preventDefault();
      look();
      banner.scrollIntoView({ block: "nearest" });
      return;
    }
    const button = event.submitter;
    if (!button?.matches("[data-send]")) return;
    setTimeout(() => button.setAttribute("aria-busy", "true"));
    // The page after this one leads back here, and an answer to a POST cannot be shown again: going back
    // finds the first page instead, which offers the draft while there is one.
    addEventListener("pagehide", () => history.replaceState(null, "", form.dataset.first), { once: true });
  });
  addEventListener("pageshow", () => {
    for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  });
}
