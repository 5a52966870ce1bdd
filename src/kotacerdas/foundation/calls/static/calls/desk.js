// The desk of a form without a script of its own: the time, the caller, notes and drafts.

import * as caller from "./caller.js";
import * as drafts from "./drafts.js";
import * as current from "./current_call.js";
import * as noted from "./noted.js";
import * as timer from "./timer.js";
import * as without from "./without.js";

const form = document.getElementById("call");

if (form) {
  timer.start(form);
  caller.start(form);
  noted.start(form);
  without.start(form);
  drafts.start(form, current.forget);
  current.start(form);
  form.addEventListener("submit", timer.write);
  document.body.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target.id === "caller") caller.take(form, target.querySelector("[name=near]"));
  });
}
