// Signed in afresh at the desk's page: a new PIN around the key that the server kept, then back to the shell.

import { chooseAnew } from "./pin.js";
import { peek } from "./store.js";
import { pinFlaw } from "./vault.js";

const form = document.querySelector("[data-new-pin]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = form.querySelector("[data-problem]");
  const tell = (text) => { problem.textContent = text; problem.hidden = !text; };
  const [pin, again] = [form.elements.pin.value, form.elements.again.value];
  const flaw = pinFlaw(pin) || (pin === again ? "" : "differs");
  tell(flaw ? form.dataset[flaw] : "");
  if (flaw) return;
  const row = await peek("meta", "vault");
  const phone = await peek("meta", "phone");
  if (!row || phone?.phone !== form.dataset.phone) return tell(form.dataset.other);
  try {
    const body = new FormData(form);
    body.delete("pin"); // they stay on the phone
    body.delete("again");
    body.set("name", row.key);
    const answer = await fetch(location.pathname, { method: "POST", body });
    const told = await answer.json();
    if (!answer.ok) return tell([told.words, told.remedy].filter(Boolean).join(" "));
    await chooseAnew(told.key, pin);
    location.assign(form.dataset.home);
  } catch (error) {
    tell(error instanceof TypeError ? form.dataset.offline : error.message);
  }
});
