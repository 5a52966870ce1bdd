// Answers of a step: what was not taken is shown in place (409, 422, 403); other failures leave all as it is.

function toast(words, tone, leaves) {
  const box = document.querySelector("[data-toasts]");
  const line = document.createElement("p");
  const text = document.createElement("span");
  text.textContent = words;
  line.className = `toast ${tone}`;
  if (leaves) line.dataset.leaves = "";
  line.append(text);
  box.append(line);
}

export function said() {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 200 && event.detail.target.id === "pane" && !xhr.responseText.includes('id="pane"')) {
      event.detail.shouldSwap = false; // the session has ended: the answer is the page to sign in, which leads back here
      location.assign(xhr.responseURL);
      return;
    }
    if (![403, 409, 422].includes(xhr.status) || !xhr.responseText.includes('id="pane"')) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  document.addEventListener("desk:taken", (event) => toast(event.detail.said, "plain", true));
  const failed = (event) => {
    const { notSent, notLoaded } = document.querySelector("[data-not-sent]").dataset;
    toast(event.detail.requestConfig?.verb === "get" ? notLoaded : notSent, "terasi", false);
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
}
