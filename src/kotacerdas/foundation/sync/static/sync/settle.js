// Two answers that differ: a person chooses field by field.

import { formatNumber } from "../commands/fields.js";
import { button, dayAndTime, h, icon, words } from "./dom.js";

export function settle({ entry, form, save }) {
  const chosen = {};
  const asked = (name) => form?.fields.find((one) => one.name === name) || { label: name };
  const differing = Object.entries(entry.conflict || {});
  const told = h("p", { class: "problem", role: "alert", hidden: true }, icon("circle-alert"), words("settle_each"));
  const settled = () => {
    told.hidden = Object.keys(chosen).length === differing.length;
    if (told.hidden) save(chosen);
  };
  return [
    h("h1", {}, words("conflict")),
    h("p", {}, words("conflict_words")),
    differing.map(([name, [was, theirs, mine]]) => h("fieldset", { class: "field" }, h("legend", {}, asked(name).label),
      h("p", { class: "hint", dir: "auto" }, `${words("was")}: ${answerWords(asked(name), was)}`),
      h("div", { class: "choices" }, [["theirs", theirs], ["mine", mine]].map(([side, value]) => h("label", { class: "choice" },
        h("input", { type: "radio", name, value: side, onchange: () => { chosen[name] = value; } }),
        h("span", { dir: "auto" }, `${words(side)}: ${answerWords(asked(name), value)}`)))))),
    told,
    button(words("settle"), { class: "main", onclick: settled }, "check"),
  ];
}

// An answer as people read it.
function answerWords(asked, value) {
  if (value === null || value === undefined || value === "") return words("nothing");
  if (typeof value === "boolean") return words(value ? "yes" : "no");
  if (typeof value === "number") return `${formatNumber(value)} ${asked.unit || ""}`.trim();
  if (Array.isArray(value)) return value.map((one) => answerWords(asked, one)).join(", ");
  if (value.lat !== undefined) return `${value.lat.toFixed(5)}, ${value.lng.toFixed(5)}${value.accuracy ? ` (±${formatNumber(Math.round(value.accuracy))} m)` : ""}`;
  if (typeof value === "object") return Object.entries(value).map(([name, one]) => `${asked.fields?.find((each) => each.name === name)?.label || name}: ${answerWords(asked, one)}`).join(", ");
  const label = (asked.choices || []).find(([name]) => name === value)?.[1];
  return label || (asked.type === "date" ? dayAndTime(Date.parse(`${value}T12:00Z`)).split(",")[0] : String(value));
}
