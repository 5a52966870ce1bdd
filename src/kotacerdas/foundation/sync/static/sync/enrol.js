// Signed in at the desk's page: take the token of this phone and go to the shell.

import { peek, peekAll, wipe, write } from "./store.js";

const form = document.querySelector("[data-enrol]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  if (await holdsUnsent()) {
    problem.textContent = form.dataset.unsent;
    problem.hidden = false;
    return;
  }
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    const { token, phone, user, now, export_key: exportKey } = await answer.json();
    const take = async () => {
      if (await peek("meta", "phone")) await wipe();
      await write([["meta", { name: "phone", token, phone, user, exportKey, offset: now - Date.now() }]]);
    };
    await (navigator.locks ? navigator.locks.request("lapangan-kirim", take) : take()); // not while an answer is being stored
    location.assign(form.dataset.home);
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
});

// Whether somebody's work on this phone is not sent yet: it must not pass to the next person.
async function holdsUnsent() {
  const [entries, photos, drafts] = await Promise.all([peekAll("outbox"), peekAll("photos"), peekAll("drafts")]);
  return entries.some((one) => one.status !== "done") || photos.length > 0 || drafts.length > 0;
}
