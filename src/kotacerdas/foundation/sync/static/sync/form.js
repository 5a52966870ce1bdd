// A form as it is declared: drawn, filled in, kept as a draft at every letter, checked by the same rules as the server.

import { check, isAsked, problemWords } from "../commands/fields.js";
import { button, h, icon, words } from "./dom.js";
import { hasRoom, prepared, shrink } from "./photos.js";

let ids = 0;

export class Form {
  constructor(form, values, photos, templates, changed) {
    Object.assign(this, { form, values: { ...values }, photos: [...photos], templates, changed, problems: {}, today: new Date().toISOString().slice(0, 10) });
    this.element = h("div", { class: "fields" });
    this.draw();
  }

  draw() {
    const asked = this.asked();
    this.drawn = asked.map((one) => one.name).join();
    this.element.replaceChildren(...asked.map((one) => this.field(one)));
  }

  // The questions that are asked, given the answers so far.
  asked() {
    const { clean } = check(this.form.fields, this.given(), this.today);
    return this.form.fields.filter((one) => isAsked(one, clean, this.today));
  }

  given() {
    const given = { ...this.values };
    for (const one of this.form.fields) {
      const chosen = this.photos.filter((photo) => photo.field === one.name).map((photo) => photo.id);
      if (one.type === "photos" && chosen.length) given[one.name] = chosen;
      if (one.type === "signature" && chosen.length) given[one.name] = chosen[0];
    }
    return given;
  }

  set(name, value, { redraw = false } = {}) {
    if (value === "" || value === undefined || value === null) delete this.values[name];
    else this.values[name] = value;
    delete this.problems[name];
    this.changed(this);
    if (redraw || this.asked().map((one) => one.name).join() !== this.drawn) this.drawKeepingFocus();
  }

  drawKeepingFocus() {
    const focused = document.activeElement?.name;
    this.draw();
    if (focused) this.element.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
  }

  field(one) {
    const id = `f${(ids += 1)}`;
    const problem = this.problems[one.name];
    const described = [one.hint ? `${id}-hint` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
    const props = { id, name: one.name, ...(described ? { "aria-describedby": described } : {}), ...(problem ? { "aria-invalid": "true" } : {}) };
    const draw = DRAW[one.type] || DRAW.text;
    const { control, isGroup } = draw(this, one, props);
    const label = h(isGroup ? "legend" : "label", isGroup ? {} : { for: id }, one.label, one.required === false ? "" : h("span", { class: "needed", "aria-hidden": "true" }, " *"));
    return h(isGroup ? "fieldset" : "div", { class: `field${problem ? " wrong" : ""}`, "data-field": one.name },
      label,
      one.hint ? h("p", { class: "hint", id: `${id}-hint` }, one.hint) : null,
      problem ? h("p", { class: "problem", id: `${id}-problem` }, icon("circle-alert"), problem) : null,
      control);
  }

  // The clean answers, or the words of what is missing or wrong by field.
  verdict(today) {
    this.today = today;
    const { clean, problems } = check(this.form.fields, this.given(), today);
    const told = {};
    for (const [path, problem] of Object.entries(problems)) {
      const name = path.split(".")[0];
      const asked = this.form.fields.find((one) => one.name === name);
      told[name] ??= asked ? problemWords(problem, asked, this.templates) : path;
    }
    return { clean, problems: told, photos: this.photos.filter((photo) => [clean[photo.field]].flat().includes(photo.id)) };
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
  code: (form, one, props) => typed(form, one, props, { autocapitalize: "characters", spellcheck: "false" }),
  date: (form, one, props) => typed(form, one, props, { type: "date" }),
  time: (form, one, props) => typed(form, one, props, { type: "time" }),
  moment: (form, one, props) => typed(form, one, props, { type: "datetime-local" }),
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
  position: (form, one, props) => ({ control: position(form, one, props) }),
  photos: (form, one, props) => ({ isGroup: true, control: photos(form, one, props) }),
};

function number(form, one, props) {
  const put = (value) => { form.set(one.name, value, { redraw: true }); };
  const step = one.step || 1;
  const now = () => Number(String(form.values[one.name] ?? one.least ?? 0).replaceAll(".", "").replace(",", ".")) || 0;
  const by = (sign) => put(Math.min(one.most ?? Infinity, Math.max(one.least ?? -Infinity, now() + sign * step)));
  const input = h("input", { type: "text", inputmode: "decimal", ...props, value: String(form.values[one.name] ?? ""), autocomplete: "off", oninput: (event) => form.set(one.name, event.target.value) });
  return {
    control: h("div", {},
      h("div", { class: "stepper" },
        button("", { "aria-label": `−${step}`, onclick: () => by(-1) }, "minus"),
        h("div", {}, input, one.unit ? h("span", { class: "unit" }, one.unit) : null),
        button("", { "aria-label": `+${step}`, onclick: () => by(1) }, "plus")),
      one.quick?.length ? h("div", { class: "quick" }, one.quick.map((value) => button(value.toLocaleString("id-ID"), { onclick: () => put(value) }))) : null),
  };
}

function radios(form, one, props, choices, read = (text) => text) {
  const now = form.values[one.name];
  return {
    isGroup: true,
    control: h("div", { class: "choices", role: "radiogroup" }, choices.map(([name, label]) => h("label", { class: "choice" },
      h("input", { type: "radio", name: props.name, value: name, checked: String(now) === name, onchange: () => form.set(one.name, read(name)) }),
      h("span", {}, label)))),
  };
}

function position(form, one, props) {
  const now = form.values[one.name];
  const told = h("p", { class: "hint", role: "status" }, now ? words("position_found", { n: Math.round(now.accuracy || 0) }) : "");
  const look = () => {
    told.textContent = words("position_wait");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => form.set(one.name, { lat: coords.latitude, lng: coords.longitude, accuracy: Math.round(coords.accuracy) }, { redraw: true }),
      () => { told.textContent = words("position_none"); },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 },
    );
  };
  return h("div", {}, button(words("my_position"), { id: props.id, onclick: look }, "map-pin"), told);
}

function photos(form, one, props) {
  const mine = form.photos.filter((photo) => photo.field === one.name);
  const told = h("p", { class: "problem", role: "status", hidden: true });
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, id: props.id, name: props.name, class: "unseen", onchange: async (event) => {
    for (const file of event.target.files) {
      try {
        if (!(await hasRoom(file.size))) throw new Error(words("storage_low"));
        form.photos.push(await prepared(await shrink(file), one.name));
      } catch (error) {
        told.textContent = error.message;
        told.hidden = false;
        return;
      }
    }
    form.changed(form);
    form.draw();
  } });
  return h("div", { class: "photos" },
    mine.map((photo) => h("figure", {},
      h("img", { src: URL.createObjectURL(photo.blob), alt: "" }),
      button(words("remove"), { onclick: () => { form.photos = form.photos.filter((other) => other.id !== photo.id); form.changed(form); form.draw(); } }, "trash-2"))),
    mine.length < (one.most ?? 5) ? h("label", { class: "take" }, icon("camera"), h("span", {}, words("take_photo")), input) : null,
    told);
}
