// Elements, icons and words.

const ALL = JSON.parse(document.getElementById("words").textContent);
const body = document.body.dataset;
export const urls = { exchange: body.exchange, forms: body.forms, photo: body.photo, enrol: body.enrol, code: body.code, scan: body.scan, worker: body.worker, home: body.home, leave: body.leave, still: body.still, keep: body.keep, key: body.key };
export const version = body.version;

export function language() {
  const chosen = localStorage.getItem("lapangan-bahasa") || document.documentElement.lang;
  return chosen.startsWith("en") ? "en" : "id";
}

export function words(name, given = {}) {
  const text = ALL[language()][name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_all, key) => given[key] ?? "");
}

export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false && one !== ""));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  made.append(use);
  return made;
}

// A QR code, from the modules on its side and the lines between them.
export function qrCode([side, lines], label) {
  const made = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ class: "qr", role: "img", "aria-label": label, viewBox: `0 0 ${side} ${side}` })) made.setAttribute(name, value);
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", lines);
  made.append(drawn);
  return made;
}

export const button = (label, props = {}, name = "") => h("button", { type: "button", ...props }, name ? icon(name) : null, h("span", {}, label));

// How the reader's language writes hours, days and numbers.
const locale = () => (language() === "en" ? "en-GB" : "id-ID");

export function clockTime(at) {
  return new Date(at).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", timeZone: body.zone });
}

export function dayAndTime(at) {
  const day = new Date(at).toLocaleDateString(locale(), { day: "numeric", month: "long", timeZone: body.zone });
  return `${day}, ${clockTime(at)}`;
}

export function size(bytes) {
  const text = (number) => number.toLocaleString(locale(), { maximumFractionDigits: 1 });
  return bytes > 1e6 ? `${text(bytes / 1e6)} MB` : `${text(Math.ceil(bytes / 1e3))} KB`;
}

// The local day of an instant, as "2026-11-30".
export const localDay = (at) => new Date(at).toLocaleDateString("sv-SE", { timeZone: body.zone });

// What the regency's clock is ahead of UTC at an instant, in milliseconds.
export function zoneOffset(at) {
  const local = new Date(at).toLocaleString("sv-SE", { timeZone: body.zone });
  return Date.parse(`${local.replace(" ", "T")}Z`) - Math.floor(at / 1000) * 1000;
}
