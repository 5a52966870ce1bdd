// What was typed into a reply box stays with its case in this tab until it is sent, whatever is opened meanwhile.

const name = (form) => `iceta.reply.${form.dataset.draft}`;

function restore() {
  const form = document.querySelector("form[data-draft]");
  if (!form || form.elements.body.value) return;
  const kept = sessionStorage.getItem(name(form));
  if (!kept) return;
  const { audience, body } = JSON.parse(kept);
  form.elements.body.value = body;
  for (const choice of form.querySelectorAll("input[type=radio][name=audience]")) choice.checked = choice.value === audience;
}

function keep(event) {
  const form = event.target.form;
  if (!form?.matches("[data-draft]")) return;
  const { audience, body } = Object.fromEntries(new FormData(form));
  if (body) sessionStorage.setItem(name(form), JSON.stringify({ audience, body }));
  else sessionStorage.removeItem(name(form));
}

function names(event) {
  const words = event.target.closest?.("label")?.querySelector("[data-photos]");
  if (event.target.type === "file" && words && event.target.files.length) {
    words.textContent = [...event.target.files].map((file) => file.name).join(", ");
  }
}

export function keepDrafts() {
  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  document.addEventListener("change", names);
  document.addEventListener("htmx:afterSettle", restore);
  document.addEventListener("desk:taken", (event) => {
    sessionStorage.removeItem(`iceta.reply.${event.detail.number}`);
    const form = document.querySelector("form[data-draft]");
    if (form?.dataset.draft === event.detail.number) form.elements.body.value = "";
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-draft]") && !event.target.closest("[hx-boost]")) sessionStorage.removeItem(name(event.target));
  });
  restore();
}
