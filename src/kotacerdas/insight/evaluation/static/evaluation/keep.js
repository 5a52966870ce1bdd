// What was typed and not stored yet outlives every other form of the page: this tab keeps it until its own form is sent.

const typed = (form) => [...form.elements].filter((field) => field.matches("textarea, input:not([type=hidden], [type=file])"));

for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = `kept:${form.dataset.keep}`;
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  for (const [name, value, checked] of kept) {
    const field = typed(form).find((one) => one.name === name && (checked === null || one.value === value));
    if (!field || field.disabled || field.readOnly) continue;
    if (checked === null) field.value = value;
    else field.checked = checked;
  }
  form.addEventListener("input", () => {
    const now = typed(form).map((one) => [one.name, one.value, "radio checkbox".includes(one.type) ? one.checked : null]);
    sessionStorage.setItem(key, JSON.stringify(now));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
}
