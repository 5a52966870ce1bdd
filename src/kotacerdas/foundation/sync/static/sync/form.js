// A form as it is declared: drawn, filled in, kept as a draft at every letter, checked by the same rules as the server.

import { check, formatNumber, isAsked, parseNumber, problemWords } from "../commands/fields.js";
import { serverNow } from "./clock.js";
import { button, h, icon, localDay, words, zoneOffset } from "./dom.js";
import { hasRoom, ONE_PHOTO, prepared, shrink } from "./photos.js";
import { picking } from "./pin.js";
import { scan } from "./scan.js";
import { signaturePad } from "./signature.js";

let ids = 0;

export class Form {
  constructor(form, values, photos, templates, changed, about = {}) {
    Object.assign(this, { form, fields: form.fields, values: { ...values }, photos: [...photos], templates, changed, about, problems: {}, path: "", root: this, today: localDay(Date.now()) });
    this.element = h("div", { class: "fields" });
    this.draw();
  }

  // All anew, with the problems that were found.
  draw() {
    this.nodes = new Map();
    this.element.replaceChildren();
    this.sync();
  }

  // Questions that are asked now and were not come in, others go out; nothing else moves, so the focus stays.
  sync() {
    const wanted = this.asked().map((one) => {
      if (!this.nodes.has(one.name)) this.nodes.set(one.name, this.field(one));
      return this.nodes.get(one.name);
    });
    for (const node of [...this.element.children]) if (!wanted.includes(node)) node.remove();
    wanted.forEach((node, at) => { if (this.element.children[at] !== node) this.element.insertBefore(node, this.element.children[at] || null); });
  }

  redraw(name, told = "") {
    const before = this.nodes.get(name);
    const one = this.fields.find((each) => each.name === name);
    if (!before || !one) return;
    this.nodes.set(name, this.field(one));
    before.replaceWith(this.nodes.get(name));
    const at = told && this.nodes.get(name).querySelector("p.problem[hidden]");
    if (at) { at.replaceChildren(icon("circle-alert"), h("span", {}, told)); at.hidden = false; }
  }

  // The questions that are asked, given the answers so far.
  asked() {
    const { clean } = check(this.fields, this.given(), this.root.today);
    return this.fields.filter((one) => isAsked(one, clean, this.root.today));
  }

  given() {
    const given = { ...this.values };
    for (const one of this.fields) {
      const chosen = this.photos.filter((photo) => photo.field === one.name).map((photo) => photo.id);
      if (one.type === "photos" && chosen.length) given[one.name] = chosen;
      if (one.type === "signature" && chosen.length) given[one.name] = chosen[0];
    }
    return given;
  }

  set(name, value) {
    if (value === "" || value === undefined || value === null) delete this.values[name];
    else this.values[name] = value;
    this.keep();
    this.sync();
  }

  // Resolves when the draft is stored.
  keep() {
    return this.changed(this);
  }

  field(one) {
    const id = `f${(ids += 1)}`;
    const path = this.path + one.name;
    const problem = this.root.problems[path];
    const described = [one.hint ? `${id}-hint` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
    const props = { id, name: path, ...(described ? { "aria-describedby": described } : {}), ...(problem ? { "aria-invalid": "true" } : {}) };
    const draw = DRAW[one.type] || DRAW.text;
    const { control, isGroup } = draw(this, one, props);
    const label = h(isGroup ? "legend" : "label", isGroup ? {} : { for: id }, one.label, one.required === false ? h("small", {}, ` (${words("optional")})`) : "");
    return h(isGroup ? "fieldset" : "div", { class: `field${problem ? " wrong" : ""}`, "data-field": path },
      label,
      one.hint ? h("p", { class: "hint", id: `${id}-hint` }, one.hint) : null,
      problem ? h("p", { class: "problem", id: `${id}-problem` }, icon("circle-alert"), h("span", {}, problem)) : null,
      control);
  }

  // The clean answers, or the words of what is missing or wrong, by path.
  verdict(today) {
    this.today = today;
    const { clean, problems } = check(this.fields, this.given(), today);
    const told = {};
    for (const [path, problem] of Object.entries(problems)) {
      const asked = path.split(".").reduce((at, part) => (/^\d+$/.test(part) ? at : at?.fields?.find((one) => one.name === part)), this);
      told[path] = asked && asked !== this ? problemWords(problem, asked, this.templates) : path;
    }
    return { clean, problems: told, photos: this.photos.filter((photo) => [clean[photo.field]].flat().includes(photo.id)) };
  }
}

// One row of a group: a form of its own inside the form.
class Row extends Form {
  constructor(root, fields, values, path, changed) {
    super({ fields }, values, [], root.templates, changed);
    Object.assign(this, { root, path });
    this.draw();
  }
}

const typed = (form, one, props, more = {}) => ({
  control: h("input", { type: "text", ...props, ...more, value: String(form.values[one.name] ?? ""), autocomplete: "off", oninput: (event) => form.set(one.name, event.target.value) }),
});

const DRAW = {
  text: (form, one, props) => (one.lines > 1
    ? { control: h("textarea", { ...props, rows: String(one.lines), oninput: (event) => form.set(one.name, event.target.value) }, form.values[one.name] ?? "") }
    : typed(form, one, props)),
  phone: (form, one, props) => typed(form, one, props, { type: "tel", inputmode: "tel" }),
  code: (form, one, props) => ({ control: code(form, one, props) }),
  date: (form, one, props) => typed(form, one, props, { type: "date" }),
  time: (form, one, props) => typed(form, one, props, { type: "time" }),
  moment: (form, one, props) => ({ control: moment(form, one, props) }),
  integer: number,
  decimal: number,
  boolean: (form, one, props) => radios(form, one, props, [["true", words("yes")], ["false", words("no")]], (text) => text === "true"),
  choice: (form, one, props) => radios(form, one, props, one.choices || []),
  choices: (form, one, props) => ({
    isGroup: true,
    control: h("div", { class: "choices" }, (one.choices || []).map(([name, label]) => h("label", { class: "choice" },
      h("input", { type: "checkbox", name: props.name, value: name, checked: (form.values[one.name] || []).includes(name), onchange: (event) => {
        const chosen = new Set(form.values[one.name] || []);
        if (event.target.checked) chosen.add(name); else chosen.delete(name);
        form.set(one.name, chosen.size ? [...chosen] : null);
      } }), h("span", {}, label)))),
  }),
  position: (form, one, props) => ({ isGroup: true, control: position(form, one, props) }),
  photos: (form, one, props) => ({ isGroup: true, control: photos(form, one, props) }),
  signature: (form, one, props) => ({ isGroup: true, control: signature(form, one, props) }),
  group: (form, one, props) => ({ isGroup: true, control: group(form, one, props) }),
};

function number(form, one, props) {
  const step = one.step || 1;
  const now = () => parseNumber(String(form.values[one.name] ?? "")) ?? one.least ?? 0;
  const input = h("input", { type: "text", inputmode: "decimal", ...props, value: String(form.values[one.name] ?? ""), autocomplete: "off", oninput: (event) => form.set(one.name, event.target.value) });
  const put = (value) => { input.value = formatNumber(value); form.set(one.name, input.value); };
  const by = (sign) => put(Math.min(one.most ?? Infinity, Math.max(one.least ?? -Infinity, now() + sign * step)));
  return {
    control: h("div", {},
      h("div", { class: "stepper" },
        button("", { "aria-label": `−${formatNumber(step)} ${one.unit || ""}`.trim(), onclick: () => by(-1) }, "minus"),
        h("div", {}, input, one.unit ? h("span", { class: "unit" }, one.unit) : null),
        button("", { "aria-label": `+${formatNumber(step)} ${one.unit || ""}`.trim(), onclick: () => by(1) }, "plus")),
      one.quick?.length ? h("div", { class: "quick" }, one.quick.map((value) => button(formatNumber(value), { onclick: () => put(value) }))) : null),
  };
}

function radios(form, one, props, choices, read = (text) => text) {
  const now = form.values[one.name];
  return {
    isGroup: true,
    control: h("div", { class: "choices", role: "radiogroup", "aria-label": one.label }, choices.map(([name, label]) => h("label", { class: "choice" },
      h("input", { type: "radio", name: props.name, value: name, checked: String(now) === name, onchange: () => form.set(one.name, read(name)) }),
      h("span", {}, label)))),
  };
}

const typedMoment = (at) => (Number.isNaN(at) ? "" : new Date(at + zoneOffset(at)).toISOString().slice(0, 16));
// Indonesia's zones are whole hours ahead of UTC, the whole year.
const offsetText = () => `+${String(Math.round(zoneOffset(Date.now()) / 3600_000)).padStart(2, "0")}:00`;

function moment(form, one, props) {
  const put = (text) => form.set(one.name, text && `${text.slice(0, 16)}:00${offsetText()}`);
  const input = h("input", { type: "datetime-local", ...props, value: typedMoment(Date.parse(form.values[one.name] ?? "")), oninput: (event) => put(event.target.value) });
  const now = async () => { input.value = typedMoment(await serverNow()); put(input.value); };
  return h("div", { class: "beside" }, input, button(words("now"), { onclick: now }, "clock"));
}

function position(form, one, props) {
  const now = form.values[one.name];
  const found = ({ lat, lng, accuracy }) => {
    if (accuracy === undefined || accuracy === null) return `${lat}, ${lng}`;
    return accuracy > 1000 ? words("position_rough", { n: Math.ceil(accuracy / 1000) }) : words("position_found", { n: Math.round(accuracy) });
  };
  const told = h("p", { class: "hint", role: "status" }, now ? found(now) : "");
  const look = () => {
    told.textContent = words("position_wait");
    if (!navigator.geolocation) { told.textContent = words("position_none"); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const value = { lat: coords.latitude, lng: coords.longitude, accuracy: Math.round(coords.accuracy) };
        form.set(one.name, value);
        told.textContent = found(value);
      },
      (error) => { told.textContent = words(error.code === 1 ? "position_denied" : "position_none"); },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 },
    );
  };
  const typed = h("input", { type: "text", inputmode: "text", id: `${props.id}-typed`, autocomplete: "off", placeholder: "-6,32650; 108,32140", onchange: () => {
    const [lat, lng] = (typed.value.match(/-?\d+(?:[.,]\d+)?/g) || []).map((one) => Number(one.replace(",", ".")));
    if (lng === undefined) { told.textContent = words("position_typed_wrong"); return; }
    form.set(one.name, { lat, lng });
    told.textContent = `${lat}, ${lng}`;
  } });
  return h("div", { class: "fields tight" }, button(words("my_position"), { ...props, class: "wide", onclick: look }, "map-pin"), told,
    h("details", {}, h("summary", {}, words("position_type")), h("label", { for: `${props.id}-typed`, class: "small" }, words("position_typed")), typed));
}

// A code is typed, or a photo of it is read: on the phone where it can, else by the server.
function code(form, one, props) {
  const told = h("p", { class: "hint", role: "status" });
  const known = h("div", { class: "fields tight", role: "status" });
  const put = (value) => { form.set(one.name, value); known.replaceChildren(...named(form.root, one, value)); };
  const input = h("input", { type: "text", ...props, value: form.values[one.name] ?? "", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", oninput: (event) => put(event.target.value) });
  known.replaceChildren(...named(form.root, one, input.value));
  const camera = h("input", { type: "file", accept: "image/*", capture: "environment", class: "unseen", "aria-label": `${words("scan")}: ${one.label}`, onchange: async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    told.textContent = words("scanning");
    try {
      const found = await scan(file);
      told.textContent = found ? "" : words("scan_none");
      if (found) { input.value = found; put(found); }
    } catch (error) {
      told.textContent = error instanceof TypeError ? words("scan_offline") : error.message;
    }
    event.target.value = "";
  } });
  return h("div", { class: "fields tight" },
    h("div", { class: "beside" }, input, h("label", { class: "button" }, icon("qr-code"), h("span", {}, words("scan")), camera)), told, known);
}

// The record that a code names, where this phone has it, and a warning where it belongs elsewhere.
function named({ about, today }, one, value) {
  const code = check([one], { [one.name]: value }, today).clean[one.name];
  const found = code ? about.named?.(code)?.fields : null;
  if (!found) return [];
  const isElsewhere = found.inside && about.item && found.inside[0] !== about.item;
  return [h("p", { class: "story" }, h("strong", {}, found.title), "\n", h("small", {}, found.small || "")),
    isElsewhere ? h("p", { class: "notice" }, h("strong", {}, words("not_its_place")), words("not_its_place_words", { there: found.inside[1], here: about.title })) : ""];
}

function photos(form, one, props) {
  const mine = form.photos.filter((photo) => photo.field === one.name);
  const told = h("p", { class: "problem", role: "alert", hidden: true });
  const tell = (text) => { told.replaceChildren(icon("circle-alert"), h("span", {}, text)); told.hidden = false; };
  let isFull = false;
  hasRoom(ONE_PHOTO).then((fits) => { isFull = !fits; if (isFull) tell(words("storage_low")); });
  const add = async (event) => {
    let problem = event.target.files.length > (one.most ?? 5) - mine.length ? words("photos_most", { n: one.most ?? 5 }) : "";
    for (const file of [...event.target.files].slice(0, (one.most ?? 5) - mine.length)) {
      try {
        if (await hasRoom(ONE_PHOTO)) {
          const made = await prepared(await shrink(file), one.name);
          form.photos.push(made);
        }
        else problem = words("storage_low");
      } catch {
        problem = words("no_photo");
      }
    }
    await form.keep(); // what is shown is stored
    form.sync();
    form.redraw(one.name, problem);
  };
  // Two ways to a photo: the camera, and what was taken before.
  const input = (more) => h("input", { type: "file", accept: "image/*", multiple: true, ...more, class: "unseen", onclick: (event) => { picking(); if (isFull) event.preventDefault(); }, onchange: (event) => { form.root.pending = add(event); } });
  const remove = (photo) => { form.photos = form.photos.filter((other) => other.id !== photo.id); form.keep(); form.redraw(one.name); form.sync(); };
  return h("div", { class: "fields tight" }, told, h("div", { class: "photos" },
    mine.map((photo, n) => h("figure", {}, picture(photo, `${one.label} ${n + 1}`), button(words("remove"), { "aria-label": `${words("remove")}: ${one.label} ${n + 1}`, onclick: () => remove(photo) }, "trash-2"))),
    mine.length < (one.most ?? 5) ? [
      h("label", { class: "take" }, icon("camera"), h("span", {}, words("take_photo")), input({ capture: "environment", ...props })),
      h("label", { class: "take" }, icon("image"), h("span", {}, words("pick_photo")), input({ name: `${props.name}-gallery`, "aria-label": `${words("pick_photo")}: ${one.label}` })),
    ] : null));
}

function picture(photo, alt) {
  const url = URL.createObjectURL(photo.blob);
  return h("img", { src: url, alt, onload: () => URL.revokeObjectURL(url) });
}

function signature(form, one, props) {
  const mine = form.photos.find((photo) => photo.field === one.name);
  const without = () => form.photos.filter((photo) => photo.field !== one.name);
  const clear = () => { form.photos = without(); form.keep(); form.redraw(one.name); form.sync(); };
  if (mine) return h("figure", {}, picture(mine, one.label), button(words("sign_again"), { onclick: clear }, "rotate-ccw"));
  const store = async (blob) => { form.photos = [...without(), await prepared(blob, one.name)]; form.keep(); form.sync(); };
  const pad = signaturePad(store, { ...props, role: "img", "aria-label": `${one.label}: ${words("sign_here")}` });
  return h("figure", {}, pad, button(words("sign_again"), { onclick: clear }, "rotate-ccw"));
}

function group(form, one, props) {
  const rows = (form.values[one.name] || []).map((row) => ({ ...row }));
  const put = () => form.set(one.name, rows.length ? rows.map((row) => ({ ...row })) : null);
  const element = h("div", { class: "fields" });
  const draw = () => element.replaceChildren(
    ...rows.map((row, at) => {
      const inner = new Row(form.root, one.fields, row, `${props.name}.${at}.`, (changed) => { rows[at] = changed.values; put(); });
      return h("fieldset", { class: "row" }, h("legend", {}, `${one.label} ${at + 1}`), inner.element,
        button(words("remove"), { "aria-label": `${words("remove")}: ${one.label} ${at + 1}`, onclick: () => { rows.splice(at, 1); put(); draw(); element.lastChild.focus(); } }, "trash-2"));
    }),
    rows.length < (one.most ?? 50) ? button(words("add_row"), { class: "wide", onclick: () => { rows.push({}); put(); draw(); element.querySelector("fieldset:last-of-type input, fieldset:last-of-type textarea")?.focus(); } }, "plus") : "");
  draw();
  return element;
}
