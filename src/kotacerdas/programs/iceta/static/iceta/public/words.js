// Counts as one types, and fetches suggested kinds and similar reports after a pause; similar ones also when another kind
// is chosen. Choices made stay.

const form = document.querySelector("form[data-draft]");
const words = document.querySelector("[data-words]");
const count = document.querySelector("[data-count]");
const kinds = document.querySelector("[data-kinds]");
const onwards = document.querySelector("[data-onwards]");
const CALL_FIRST = "[data-call-first]";
const number = new Intl.NumberFormat(document.documentElement.lang);
let timer = 0;
let running = null;
let touched = Boolean(kinds.querySelector(":checked")) && words.value === words.defaultValue && "then" in form.elements && form.elements.then.value === "check";

// The list of all kinds stays open, and the focus where it was.
function replaceKinds(came) {
  const list = kinds.querySelector("fieldset");
  const isCalm = !list.querySelector(CALL_FIRST);
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  came.querySelector("details").open = list.querySelector("details").open;
  list.replaceWith(came);
  if (focused?.matches("summary")) came.querySelector("summary").focus();
  else if (focused?.value) came.querySelector(`[value="${CSS.escape(focused.value)}"]`)?.focus();
  // Where to call is seen at once, also where it begins below the button at the foot.
  if (isCalm) came.querySelector(CALL_FIRST)?.scrollIntoView({ block: "nearest" });
}

async function suggest({ kindsToo }) {
  running?.abort();
  running = new AbortController();
  const data = new FormData(form);
  if (!touched) data.delete("category");
  try {
    const answer = await fetch(words.dataset.suggestUrl, { method: "POST", body: data, signal: running.signal });
    if (!answer.ok) return;
    const came = new DOMParser().parseFromString(await answer.text(), "text/html");
    // The region that is read aloud stays; only what is in it changes.
    kinds.querySelector("[data-similar]").replaceChildren(...came.querySelector("[data-similar]").childNodes);
    if (kindsToo) replaceKinds(came.querySelector("fieldset"));
    const isThere = Boolean(kinds.querySelector("#similar"));
    onwards.textContent = isThere ? onwards.dataset.other : onwards.dataset.plain;
    document.querySelector("[data-similar-hint]").hidden = !isThere;
  } catch {
    // No signal: the plain list stays.
  }
}

words.addEventListener("input", () => {
  count.textContent = number.format(words.value.length);
  clearTimeout(timer);
  timer = setTimeout(suggest, 700, { kindsToo: true });
});

kinds.addEventListener("change", (event) => {
  if (event.target.name !== "category") return;
  touched = true;
  suggest({ kindsToo: false });
});
