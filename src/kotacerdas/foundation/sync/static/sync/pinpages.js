// The pages of the PIN: typed to go on, set, changed; and what it can do, said honestly.

import { h, icon, language, urls, words } from "./dom.js";
import { changePin, pause, setPin, unlock, WrongPin } from "./pin.js";
import { pinFlaw } from "./vault.js";

function secret(name, label, hint = "", complete = "off") {
  return h("div", { class: "field" }, h("label", { for: name }, label), hint ? h("p", { class: "hint", id: `${name}-hint` }, hint) : null,
    h("input", { id: name, name, type: "password", autocomplete: complete, autocapitalize: "off", spellcheck: "false", ...(hint ? { "aria-describedby": `${name}-hint` } : {}) }));
}

// A form of secrets: `use` takes their values by name; what goes wrong is told beneath them, in words.
function secrets(fields, label, sign, use, wait = 0) {
  const told = h("p", { class: "problem", role: "alert", hidden: true });
  const send = h("button", { class: "main" }, icon(sign), h("span", {}, label));
  const tell = (text) => { told.replaceChildren(icon("circle-alert"), h("span", {}, text)); told.hidden = !text; };
  const hold = (seconds, text) => {
    tell(`${text} ${words("pin_wait", { n: seconds })}`.trim());
    send.disabled = seconds > 0;
    if (seconds > 0) setTimeout(() => hold(seconds - 1, text), 1000); else tell(text);
  };
  const submit = async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    const given = Object.fromEntries([...event.target.elements].filter((one) => one.name).map((one) => [one.name, one.value]));
    send.disabled = true;
    tell("");
    try {
      await use(given);
    } catch (error) {
      send.disabled = false;
      if (error instanceof WrongPin) hold(error.seconds, words("pin_wrong"));
      else if (error instanceof TypeError) tell(words("offline_now"));
      else tell(words(error.message) === error.message ? words("not_stored") : words(error.message));
    }
  };
  if (wait) queueMicrotask(() => hold(wait, ""));
  return h("form", { class: "fields", onsubmit: submit }, fields, told, send);
}

// The page of a locked phone. `opened` is called when the PIN was right.
export async function lockPage({ phone, opened }) {
  const use = ({ pin }) => unlock(pin).then(opened);
  return [
    h("h1", {}, words("locked")),
    h("p", {}, words("locked_words")),
    secrets([secret("pin", words("pin"), "", "current-password")], words("unlock"), "check", use, await pause()),
    h("details", {}, h("summary", {}, words("pin_forgotten")), h("p", {}, words("pin_forgotten_words")),
      h("a", { class: "button wide", href: urls.key.replace("00000000-0000-0000-0000-000000000000", phone.phone) }, words("pin_anew"))),
  ];
}

function chosen({ pin, again }) {
  const flaw = pinFlaw(pin) || (pin === again ? "" : "differs");
  if (flaw) throw new Error(`pin_${flaw}`);
  return pin;
}

// Set a PIN, or change it; `done` is called when it stands.
export function pinPage({ isSet, why, done }) {
  const fields = [secret("pin", words("pin_new"), words("pin_hint"), "new-password"), secret("again", words("pin_again"), "", "new-password")];
  const set = async (given) => { await setPin(chosen(given), urls.keep, language()); done(); };
  const replace = async (given) => { const pin = chosen(given); await changePin(given.before, pin); done(); };
  return [
    h("h1", {}, words(isSet ? "pin_change" : "pin_set")),
    why ? h("p", { class: "notice" }, why) : null,
    isSet ? null : h("p", {}, words("pin_contact")),
    secrets(isSet ? [secret("before", words("pin_before"), "", "current-password"), ...fields] : fields, words(isSet ? "pin_change" : "pin_set"), "check", isSet ? replace : set),
    whatItCan(),
  ];
}

export const whatItCan = () => h("section", {}, h("h2", {}, words("pin_can")),
  h("ul", { class: "plain" }, ["pin_can_finder", "pin_cannot_copy", "pin_cannot_changed", "pin_first"].map((name) => h("li", {}, words(name)))));
