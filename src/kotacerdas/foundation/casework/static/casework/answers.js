// Answers of a step: what was not taken is shown in place (409, 422, 403); other failures leave all as it is and are told
// in the words of the page's [data-no-answer], until the server answers the next try.

import { show } from "../kotacerdas/js/toast.js";

const faults = new Map(); // "get" or "post": what the last one of it failed with
const words = () => document.querySelector("[data-no-answer]").dataset;
const verb = (event) => event.detail.requestConfig?.verb ?? "post";

function over(event) {
  faults.get(verb(event))?.remove();
  faults.delete(verb(event));
}

function fault(event, text, way = null) {
  over(event);
  faults.set(verb(event), show(text, "terasi", { way }));
}

// The answer is the page to sign in, which leads back here. Who only looks is there at once; who sent something reads why.
function signedOut(event) {
  event.detail.shouldSwap = false;
  const url = event.detail.xhr.responseURL;
  if (verb(event) === "get") location.assign(url);
  else fault(event, words().signedOut, { label: words().signIn, url });
}

// The page of the form that was sent; its words come back there from what the tab keeps.
const home = (event) => event.detail.elt.closest("form")?.elements.dari?.value ?? location.href;

function failed(event) {
  const { status } = event.detail.xhr;
  if (verb(event) === "get") fault(event, words().notLoaded);
  else if (status === 403) fault(event, words().old, { label: words().reload, url: home(event) });
  else fault(event, status && status < 500 ? words().notSent : words().noAnswer);
}

export function hearAnswers() {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    const isPane = xhr.responseText.includes('id="pane"');
    if (xhr.status === 200 && target.id === "pane" && !isPane) return signedOut(event);
    if (isPane && [403, 409, 422].includes(xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (event.detail.shouldSwap) over(event);
  });
  document.addEventListener("desk:taken", (event) => show(event.detail.said, "plain", { leaves: true }));
  for (const name of ["responseError", "sendError", "timeout"]) document.addEventListener(`htmx:${name}`, failed);
}
