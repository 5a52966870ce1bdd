// Signed in at the desk's page: take the token of this phone and go to the shell.

import { write } from "./store.js";

const form = document.querySelector("[data-enrol]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    const { token, phone, user, now, export_key: exportKey } = await answer.json();
    await write([["meta", { name: "phone", token, phone, user, exportKey, offset: now - Date.now() }]]);
    location.assign(form.dataset.home);
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
});
