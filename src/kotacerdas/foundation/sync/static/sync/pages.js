// The pages of the shell: today's work, one record, a form, the outbox, this phone.

import { button, clockTime, dayAndTime, h, icon, qrCode, size, urls, words } from "./dom.js";
import { again, discard } from "./outbox.js";
import { whatItCan } from "./pinpages.js";
import { write } from "./store.js";
import { stayAwake } from "./wake.js";

const go = (path) => { location.hash = path; };

export function bar({ waiting, wrong, bytes }, link, { isLocked = false, isFull = false } = {}) {
  const state = wrong ? "wrong" : waiting ? "waiting" : "fine";
  const told = [wrong ? words("to_correct", { n: wrong }) : "", waiting ? words("not_sent", { n: waiting }) : ""].filter(Boolean).join(", ") || words("all_sent");
  const reason = link?.state === "refused" ? link.words : link?.state === "offline" || !navigator.onLine ? words("no_signal") : link?.at ? words("last_contact", { time: clockTime(link.at) }) : "";
  return h("a", { class: `outbox-bar ${state}`, href: "#/kotak" },
    h("b", { class: "count", "aria-hidden": "true" }, state === "fine" ? icon("check") : String(wrong || waiting)),
    h("span", { role: "status" }, h("strong", {}, told), h("small", {}, [isLocked ? words("waits_pin") : words("safe"), reason, bytes ? size(bytes) : ""].filter(Boolean).join(" · ")),
      isFull ? h("small", { class: "full" }, icon("circle-alert"), words("storage_line")) : null),
    icon("chevron-right"));
}

export function stateTag(state) {
  return state ? h("span", { class: `tag ${state[1]}` }, icon(state[2] || "clock"), state[0]) : null;
}

function due(fields, now) {
  if (!fields.due) return null;
  const at = Date.parse(fields.due);
  return h("span", { class: at < now ? "due late" : "due" }, at < now ? words("late") : words("until", { time: dayAndTime(at) }));
}

const searched = ({ title, small, words: story, phone, state, facts }) => [title, small, story, phone, state?.[0], ...(facts || []).flat()].join(" ").toLowerCase();

export function today({ records, kinds, forms, drafts, now, query, update, needsPin }) {
  const text = query.trim().toLowerCase();
  const lists = kinds.filter((kind) => !kind.today);
  const shown = records
    .filter((one) => !lists.some((kind) => kind.name === one.kind) || text)
    .filter((one) => !text || text.split(/\s+/).every((word) => searched(one.fields).includes(word)))
    .sort((one, other) => Boolean(one.isDone) - Boolean(other.isDone) || (one.fields.order || 0) - (other.fields.order || 0) || (one.fields.due || "9").localeCompare(other.fields.due || "9"));
  const [first, ...rest] = shown;
  const starts = forms.filter((one) => !one.on);
  return [
    h("div", { class: "head" }, h("h1", {}, words("today")), h("small", {}, dayAndTime(now))),
    update ? h("p", { class: "notice" }, words("update"), button(words("reload"), { onclick: update })) : null,
    needsPin ? h("p", { class: "notice" }, words("pin_today"), h("a", { class: "button", href: "#/pin" }, words("pin_set"))) : null,
    drafts.length ? draftRows(drafts) : null,
    records.length > 5 || text ? h("label", { class: "search" }, icon("search"), h("span", { class: "unseen" }, words("search")), h("input", { type: "search", name: "q", value: query, placeholder: words("search") })) : null,
    first ? nextCard(first, kinds, now) : h("p", { class: "empty" }, text ? words("none_found") : words("no_work")),
    rest.length ? h("ul", { class: "rows" }, rest.map((one) => recordRow(one, now))) : null,
    lists.length && !text ? h("section", {}, h("h2", {}, words("look_up")), h("ul", { class: "rows" }, lists.map((kind) => h("li", {}, h("a", { href: `#/daftar/${kind.name}` },
      icon(kind.icon), h("span", {}, h("strong", {}, kind.label)), h("b", {}, String(records.filter((one) => one.kind === kind.name).length)), icon("chevron-right")))))) : null,
    starts.length ? h("section", {}, h("h2", {}, words("new")), starts.map((one) => button(one.label, { class: "wide", onclick: () => go(`/isi/${one.name}`) }, one.icon))) : null,
  ];
}

function recordRow(one, now) {
  return h("li", {}, h("a", { href: `#/tugas/${one.kind}/${one.id}` },
    h("span", {}, h("strong", {}, one.fields.title), h("small", {}, one.fields.small || "")), due(one.fields, now), stateTag(one.shown || one.fields.state)));
}

// All records of a kind that is no work of today, to look things up in.
export function list({ records, kinds, name, query, now }) {
  const text = query.trim().toLowerCase();
  const shown = records.filter((one) => one.kind === name && text.split(/\s+/).every((word) => searched(one.fields).includes(word)));
  return [
    h("h1", {}, kinds.find((kind) => kind.name === name)?.label || ""),
    h("label", { class: "search" }, icon("search"), h("span", { class: "unseen" }, words("search")), h("input", { type: "search", name: "q", value: query, placeholder: words("search") })),
    shown.length ? h("ul", { class: "rows" }, shown.map((one) => recordRow(one, now))) : h("p", { class: "empty" }, words(text ? "none_found" : "none_yet")),
  ];
}

const draftPath = (id) => (id.startsWith("perbaiki/") ? `#/${id}` : `#/isi/${id.replace(/\/+$/, "")}`);

function draftRows(drafts) {
  return h("section", {}, h("h2", {}, words("drafts"), h("small", {}, String(drafts.length))),
    h("ul", { class: "rows" }, drafts.map((one) => h("li", {}, h("a", { href: draftPath(one.id) }, icon(one.icon || "pencil"),
      h("span", {}, h("strong", {}, one.label || words("draft")), h("small", {}, [one.title, one.at ? dayAndTime(one.at) : ""].filter(Boolean).join(" · "))),
      h("span", { class: "tag kunyit" }, icon("pencil"), words("draft")))))));
}

function nextCard(one, kinds, now) {
  const { fields } = one;
  return h("section", { class: "next" },
    h("header", {}, h("span", {}, words("next")), due(fields, now)),
    h("a", { href: `#/tugas/${one.kind}/${one.id}` }, h("strong", {}, fields.title), h("small", {}, fields.small || ""), stateTag(one.shown || fields.state)),
    ways(fields),
    button(words("opened"), { class: "main", onclick: () => go(`/tugas/${one.kind}/${one.id}`) }, "arrow-right"));
}

function ways(fields) {
  if (!fields.at && !fields.phone) return null;
  return h("div", { class: "ways" },
    fields.at ? h("a", { class: "button", href: `geo:${fields.at.join()}?q=${fields.at.join()}`, onclick: stayAwake }, icon("navigation"), words("navigate")) : null,
    fields.phone ? h("a", { class: "button", href: `tel:${fields.phone}` }, icon("phone"), words("call")) : null);
}

export function record({ one, forms, now }) {
  const { fields } = one;
  const offered = forms.filter((form) => form.on === one.kind && (fields.forms || []).includes(form.name) && !one.taken.includes(form.name));
  const [main, ...others] = offered;
  return [
    h("h1", {}, fields.title),
    h("p", { class: "small" }, fields.small || ""),
    h("p", { class: "state" }, stateTag(one.shown || fields.state), due(fields, now)),
    ways(fields),
    fields.words ? h("p", { class: "story", dir: "auto" }, fields.words) : null,
    fields.qr ? qrCode(fields.qr, words("code_shown")) : null,
    fields.facts ? h("dl", {}, fields.facts.map(([label, text]) => [h("dt", {}, label), h("dd", { dir: "auto" }, text)])) : null,
    main ? h("div", { class: "acts" },
      button(main.label, { class: "main", onclick: () => go(`/isi/${main.name}/${one.kind}/${one.id}`) }, main.icon),
      others.map((form) => button(form.label, { class: form.danger ? "wide danger" : "wide", onclick: () => go(`/isi/${form.name}/${one.kind}/${one.id}`) }, form.icon))) : null,
  ];
}

export function outbox({ entries, photos, records, forms, link, send, save }) {
  const of = (...states) => entries.filter((one) => states.includes(one.status));
  const wrong = of("refused", "conflict");
  const waiting = of("waiting");
  const sent = of("done").reverse();
  const broken = photos.filter((one) => one.error);
  const left = (entry) => photos.filter((one) => one.command === entry.id && !one.error);
  return [
    h("h1", {}, words("outbox")),
    waiting.length || photos.length ? button(words("send_all"), { class: "main dark", onclick: sending(send) }, "refresh-cw") : null,
    wrong.length || broken.length ? h("section", {}, h("h2", {}, words("correct_these"), h("small", {}, String(wrong.length + broken.length))),
      wrong.map((one) => card(one, h("div", { class: "reason" }, icon("circle-alert"), h("div", {}, h("strong", {}, one.isDamaged ? words("damaged") : one.words), h("p", {}, [one.remedy, ...Object.values(one.fields || {})].filter(Boolean).join(" ")))),
        h("div", { class: "ways" },
          one.isDamaged ? null : button(words("correct"), { class: "main", onclick: () => go(one.status === "conflict" ? `/selisih/${one.id}` : `/perbaiki/${one.id}`) }, "pencil"),
          one.status === "conflict" || one.isDamaged ? null : button(words("again"), { onclick: () => again(one.id).then(send) }, "refresh-cw")),
        h("details", {}, h("summary", {}, words("discard")), h("p", { class: "small" }, words("discard_words")),
          button(words("discard_now"), { class: "wide danger", onclick: () => discard(one.id).then(send) }, "trash-2")))),
      broken.map((one) => brokenPhoto(one, entries.find((entry) => entry.id === one.command), records, forms))) : null,
    waiting.length ? h("section", {}, h("h2", {}, words("queued"), h("small", {}, String(waiting.length))),
      waiting.map((one) => card(one, h("p", { class: "small" }, [one.words || words("waits"), one.tries ? words("tried", { n: one.tries }) : "", left(one).length ? words("photos_wait", { n: left(one).length }) : ""].filter(Boolean).join(" · "))))) : null,
    sent.length ? h("section", {}, h("h2", {}, words("sent_today"), h("small", {}, String(sent.length))),
      h("ul", { class: "rows" }, sent.map((one) => h("li", {}, h("div", { class: "sent" }, icon("check"),
        h("span", {}, h("strong", {}, one.label), h("small", {}, one.title || words("received")), progress(left(one), one)), h("time", {}, clockTime(one.doneAt))))))) : null,
    h("section", {}, h("p", { class: "small" }, words("export_words")), button(words("export"), { class: "wide", onclick: save }, "download")),
  ];
}

// A button that says that it works until it is done.
const sending = (send) => async (event) => {
  const pressed = event.currentTarget;
  pressed.disabled = true;
  pressed.querySelector("span").textContent = words("sending");
  await send();
  pressed.disabled = false;
  pressed.querySelector("span").textContent = words("send_all");
};

// A photo that the server refused: its entry stands without it; a new one goes with another form on the same record.
function brokenPhoto(photo, entry, records, forms) {
  const record = records.find((one) => entry?.item && one.id === entry.item);
  const takes = (form) => form.on === record?.kind && (record?.fields.forms || []).includes(form.name) && form.fields.some((one) => one.type === "photos");
  const form = forms.find((one) => takes(one) && one.name === entry?.form) || forms.find(takes);
  const remove = () => write([["photos", null, photo.id]]);
  return h("article", { class: "card wrong" },
    h("div", { class: "card-head" }, icon("image"), h("span", {}, h("strong", {}, entry?.label || words("photo")), h("small", {}, entry ? [entry.title, dayAndTime(entry.at)].filter(Boolean).join(" · ") : ""))),
    h("div", { class: "reason" }, icon("circle-alert"), h("div", {}, h("strong", {}, /^[a-z_]+$/.test(photo.error) ? words("no_photo") : photo.error), h("p", {}, words(form ? "photo_refused" : "photo_refused_only")))),
    h("div", { class: "ways" },
      form ? button(words("photo_again"), { class: "main", onclick: () => remove().then(() => go(`/isi/${form.name}/${record.kind}/${record.id}`)) }, "camera") : null,
      button(words("photo_remove"), { onclick: remove }, "trash-2")));
}

function progress(left, entry) {
  if (!left.length) return null;
  const all = entry.files.length;
  const bytes = left.reduce((sum, one) => sum + one.size, 0);
  const there = left.reduce((sum, one) => sum + Math.min(one.sent, one.size), 0);
  const percent = Math.floor((100 * there) / bytes);
  return h("small", {}, words("photo_n", { n: all - left.length + 1, all, percent }), h("progress", { max: 100, value: percent }));
}

function card(one, ...more) {
  return h("article", { class: one.status === "waiting" ? "card" : "card wrong" },
    h("div", { class: "card-head" }, icon(one.icon || "file-text"), h("span", {}, h("strong", {}, one.label), h("small", {}, [one.title, dayAndTime(one.at)].filter(Boolean).join(" · ")))),
    ...more);
}

export function welcome({ wiped, useCode }) {
  const input = h("input", { id: "code", name: "code", autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  return [
    h("h1", {}, words("phone")),
    wiped ? h("p", { class: "notice", role: "alert" }, wiped.words || words("wiped")) : null,
    h("p", {}, words("enrol_words")),
    h("a", { class: "button main", href: urls.enrol }, words("sign_in")),
    h("form", { class: "field", onsubmit: (event) => { event.preventDefault(); useCode(input.value, problem); } },
      h("label", { for: "code" }, words("code")), input, problem, h("button", {}, words("use_code"))),
  ];
}

export function phonePage({ phone, pick, lock, lockNow, update }) {
  return [
    h("h1", {}, words("phone")),
    h("dl", {}, h("dt", {}, words("user")), h("dd", {}, phone.user), h("dt", {}, words("version")), h("dd", {}, document.body.dataset.version)),
    update ? h("p", { class: "notice" }, words("update"), button(words("reload"), { onclick: update })) : null,
    h("h2", {}, words("language")),
    h("div", { class: "ways" }, button("Bahasa Indonesia", { onclick: () => pick("id") }), button("English", { onclick: () => pick("en") })),
    h("h2", {}, words("pin")),
    h("p", {}, words(lock === "none" ? "pin_none" : "pin_is_set")),
    h("div", { class: "ways" }, h("a", { class: "button", href: "#/pin" }, words(lock === "none" ? "pin_set" : "pin_change")), lock === "open" ? button(words("lock_now"), { onclick: lockNow }) : null),
    lock === "none" ? null : whatItCan(),
    h("h2", {}, words("sign_out")),
    h("p", { class: "small" }, words("sign_out_words")),
    h("a", { class: "button wide danger", href: "#/keluar" }, icon("log-out"), words("sign_out")),
  ];
}

// Signing out deletes: what would be lost is named, can be saved first, and is said yes to before the button works.
export function signOut({ unsent, leave, save }) {
  const lost = [["lost_entries", unsent.unsent], ["lost_photos", unsent.photos], ["lost_drafts", unsent.drafts]].filter(([, n]) => n).map(([name, n]) => words(name, { n })).join(", ");
  const out = button(words("sign_out"), { class: "wide danger", disabled: true, onclick: leave }, "log-out");
  const sure = h("input", { type: "checkbox", name: "sure", onchange: () => { out.disabled = !sure.checked; } });
  return [
    h("h1", {}, words("sign_out")),
    h("p", {}, words("sign_out_words")),
    lost ? h("p", { class: "notice" }, words("sign_out_lost", { what: lost }), button(words("export"), { onclick: save }, "download")) : null,
    h("div", { class: "choices" }, h("label", { class: "choice" }, sure, h("span", {}, words("sign_out_sure")))),
    out,
  ];
}
