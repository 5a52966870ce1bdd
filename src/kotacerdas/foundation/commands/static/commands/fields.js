/**
 * The field vocabulary on the phone: the verdict and the clean values of `checking.py`, by the vectors of
 * `tests/vectors.json`. Declarations come as `as_json` makes them. The ranges of characters are those of `typed.py`.
 *
 * Of phone numbers only Indonesian ones are judged here; one with another country's code passes where it has E.164's
 * shape, and the server is the judge of it.
 */
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u2800\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`, "g");
const ONE_SPACE = new RegExp(`[${SPACE}]`, "g");
const UNSEEN = new RegExp(
  "[\\0-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\xad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u115f" +
    "\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f" +
    "\\ufeff\\uffa0\\ufff0-\\ufffb\\u{110bd}\\u{110cd}\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}" +
    "\\u{e0000}-\\u{e0fff}]",
  "gu",
);
const BREAK = /\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/g;
const DASHES = /[\u2010-\u2014\u2212]/g;
const NUMBER = /^([-+]?)([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(\d+))?$/;
const UPLOAD = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const MOMENT =
  /^([\d-]{10})T((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))$/;
const PHONE = /^(?:\+ ?)?(?:\( ?\+?\d{1,5} ?\)[ .-]?)?\d+(?:[ .-]{1,3}\d+)*$/;
const LISTS = ["choices", "photos", "group"];

class Wrong {
  constructor(code, params = {}) {
    Object.assign(this, { code, params });
  }
}

const fail = (code, params) => {
  throw new Wrong(code, params);
};
const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
const isMapping = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const line = (text) => text.replace(UNSEEN, "").replace(SPACES, " ").trim().normalize("NFC");
const lines = (text) =>
  text.replace(UNSEEN, "").replace(BREAK, "\n").split("\n").map((row) => row.replace(ONE_SPACE, " ").trimEnd())
    .join("\n").trim().normalize("NFC");
const string = (value) => (typeof value === "string" ? value : fail("type"));
const list = (value) => (Array.isArray(value) ? value : fail("type"));
const isBlank = (value) =>
  value === null || value === undefined || (typeof value === "string" ? !line(value) : Array.isArray(value) && !value.length);

function fitting(field, text) {
  const length = [...text].length;
  if (length < (field.shortest ?? 0)) fail("too_short", { least: field.shortest });
  const longest = field.longest ?? 500;
  return length > longest ? fail("too_long", { most: longest }) : text;
}

function within(value, least, most) {
  if (least !== undefined && value < least) fail("too_small", { least });
  return most !== undefined && value > most ? fail("too_big", { most }) : value;
}

function soMany(field, items) {
  if (items.length < field.least) fail("too_few", { least: field.least });
  return items.length > field.most ? fail("too_many", { most: field.most }) : items;
}

/** Sign, whole digits and those after the comma of a text in Indonesian notation; null for what is no number. */
function parts(text) {
  const found = NUMBER.exec(line(text).replace(/[\u2212\u2013]/g, "-"));
  return found && [found[1], found[2].replace(/\./g, ""), (found[3] ?? "").replace(/0+$/, "")];
}

/** The number that a text is in Indonesian notation ("1.500", "2,5"); null for what is none ("1.5"). */
export function parseNumber(text) {
  const found = parts(text);
  return found && Number(`${found[0]}${found[1]}.${found[2]}`) + 0;
}

/** `1.234,5` from a number: as it is read, in both languages. */
export function formatNumber(value) {
  const [whole, part] = Math.abs(value).toFixed(9).split(".");
  const after = part.replace(/0+$/, "");
  return (value < 0 ? "-" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ".") + (after && `,${after}`);
}

function number(field, value) {
  const places = field.type === "integer" ? 0 : (field.places ?? 2);
  const limit = field.type === "integer" ? Number.MAX_SAFE_INTEGER : 10 ** (15 - places);
  let found = value;
  let digits = 0;
  if (typeof value === "string") {
    const read = parts(value) ?? fail("number");
    digits = read[2].length;
    found = Number(`${read[0]}${read[1]}.${digits > places ? "5" : read[2]}`);
    if (Math.abs(Number(read[1])) >= limit && digits) found = Math.sign(found) * Infinity;
  } else if (typeof value !== "number") fail("type");
  if (Number.isNaN(found)) fail("number");
  if (found > limit) fail("too_big", { most: field.most ?? limit });
  if (found < -limit) fail("too_small", { least: field.least ?? -limit });
  if (digits > places || Number(found.toFixed(places)) !== found) fail("places", { places });
  const scaled = Math.round(found * 10 ** places);
  within(found, field.least, field.most);
  if (field.step && scaled % Math.round(field.step * 10 ** places)) fail("step", { step: field.step });
  return found + 0;
}

function choice(field, value) {
  const name = line(string(value));
  return field.choices.some(([one]) => one === name) ? name : fail("choice");
}

function choices(field, value) {
  const chosen = new Set(list(value).map((one) => choice(field, one)));
  soMany(field, [...chosen]);
  return field.choices.map(([name]) => name).filter((name) => chosen.has(name));
}

function day(text) {
  const typed = /^(\d\d?)\/(\d\d?)\/([1-9]\d{3})$/.exec(text);
  const iso = typed ? `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}` : text;
  if (!/^[1-9]\d{3}-\d\d-\d\d$/.test(iso)) return null;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === iso ? iso : null;
}

function time(text) {
  const found = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(text);
  return found && `${found[1].padStart(2, "0")}:${found[2]}`;
}

function moment(text) {
  const found = MOMENT.exec(text);
  if (!found || day(found[1]) !== found[1]) return null;
  const offset = found[4] ? `${found[5]}:${found[6]}` : "00:00";
  if (offset > "14:00") return null;
  return `${found[1]}T${found[2]}:${found[3] ?? "00"}${offset === "00:00" ? "+" : found[4]}${offset}`;
}

const clock = (code, reader) => (field, value, today) => {
  const bound = (at) => (at === "today" ? today : at);
  return within(reader(line(string(value))) ?? fail(code), bound(field.least), bound(field.most));
};

function phone(field, value) {
  const text = line(string(value)).replace(DASHES, "-");
  if (!PHONE.test(text) || / \d$/.test(text)) fail("phone");
  let digits = text.replace(/\D/g, "");
  if (!text.includes("+") && digits.startsWith("00")) digits = digits.slice(2);
  else if (!text.includes("+") && !digits.startsWith("62")) digits = `62${digits.replace(/^0/, "")}`;
  if (!digits.startsWith("62")) return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : fail("phone");
  const national = digits.slice(2);
  if (/^08[1-35-9]\d{7,10}$/.test(national)) return `+62${national.slice(1)}`;
  return /^[1-9]\d{7,12}$/.test(national) ? `+${digits}` : fail("phone");
}

function position(field, value) {
  if (!isMapping(value)) fail("type");
  const axis = (at, least, most) => (typeof at === "number" && at >= least && at <= most ? at + 0 : fail("position"));
  const accuracy = value.accuracy ?? null;
  return {
    lat: axis(value.lat, -90, 90),
    lng: axis(value.lng, -180, 180),
    accuracy: accuracy === null ? null : axis(accuracy, 0, 1e8),
  };
}

function code(field, value) {
  const typed = line(string(value)).replace(DASHES, "-").replace(/ /g, "");
  const text = typed.match(/^https?:\/\/[^/?#]+\/(?:[^/?#]+\/)*([^/?#]+)\/?$/i)?.[1] ?? typed; // an address: its last part
  return /^[a-z\d-]*[a-z\d][a-z\d-]*$/i.test(text) ? fitting(field, text.toUpperCase()) : fail("code");
}

function upload(field, value) {
  const name = line(string(value));
  return UPLOAD.test(name) ? name.toLowerCase() : fail("type");
}

function boolean(field, value) {
  if (typeof value === "boolean") return value;
  const text = line(string(value));
  return text === "true" || (text === "false" ? false : fail("type"));
}

const READERS = {
  text: (field, value) => fitting(field, (field.lines > 1 ? lines : line)(string(value))),
  integer: number,
  decimal: number,
  boolean,
  choice,
  choices,
  date: clock("date", day),
  time: clock("time", time),
  moment: clock("moment", moment),
  phone,
  position,
  code,
  photos: (field, value) => soMany(field, [...new Set(list(value).map((one) => upload(field, one)))]),
  signature: upload,
};

/** Whether a field is asked, by the clean values of the fields of its level. */
export function isAsked(field, values, today) {
  if (!field.shown_if) return true;
  const [name, op, value] = field.shown_if;
  const found = has(values, name) ? values[name] : undefined;
  if (op === "filled" || op === "empty") return (found !== undefined) === (op === "filled");
  if (op === "at_least" || op === "at_most") {
    const one = Array.isArray(found) ? found.length : found;
    const bound = value === "today" ? today : value;
    return typeof one === typeof bound && (op === "at_least" ? one >= bound : one <= bound);
  }
  const wanted = op === "in" ? value : [value];
  return (Array.isArray(found) ? found : [found]).some((one) => wanted.includes(one)) !== (op === "is_not");
}

function level(fields, given, today, at, problems) {
  const clean = {};
  if (!isMapping(given)) {
    problems[at.join(".")] = new Wrong("type");
    return clean;
  }
  for (const field of fields) {
    if (!isAsked(field, clean, today)) continue;
    const value = has(given, field.name) ? given[field.name] : null;
    const path = [...at, field.name];
    try {
      if (isBlank(value)) {
        if (Array.isArray(value) && !LISTS.includes(field.type)) fail("type");
        if (field.required ?? true) fail("required");
      } else if (field.type === "group") {
        const rows = soMany(field, list(value));
        clean[field.name] = rows.map((row, n) => level(field.fields, row, today, [...path, n], problems));
      } else clean[field.name] = READERS[field.type](field, value, today);
    } catch (wrong) {
      if (!(wrong instanceof Wrong)) throw wrong;
      problems[path.join(".")] = wrong;
    }
  }
  for (const [name, value] of Object.entries(given)) {
    if (fields.some((field) => field.name === name) || isBlank(value)) continue;
    problems[(/^[a-z][a-z\d_]{0,39}$/.test(name) ? [...at, name] : at).join(".")] = new Wrong("unknown");
  }
  return clean;
}

/** The clean values of the fields that are asked, and the problems by path: a name, or `group.2.name`. */
export function check(fields, given, today) {
  const problems = {};
  return { clean: level(fields, given, today, [], problems), problems };
}

/** The words for a problem, with the way out; `words` is what `problem_templates` makes. */
export function problemWords(problem, field, words) {
  const template = words[`${problem.code}.${field.type}`] ?? words[problem.code];
  return template.replace(/%\((\w+)\)s/g, (_, name) => {
    const value = problem.params[name];
    if (typeof value === "string") return value.replace(/^(\d+)-(\d+)-(\d+)$/, "$3/$2/$1").replace(":", ".");
    const isMeasure = /integer|decimal/.test(field.type) && name !== "places";
    return `${formatNumber(value)} ${(isMeasure && field.unit) || ""}`.trimEnd();
  });
}
