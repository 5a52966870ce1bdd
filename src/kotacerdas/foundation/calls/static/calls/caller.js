// The name that is known of a number is filled in with it, and goes with it. A name the agent typed stays.

const told = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

// Puts a name into its field; `filled` when it came from the number.
export function put(field, name, filled) {
  field.value = name;
  if (filled) field.dataset.filled = name;
  else delete field.dataset.filled;
}

// What the fragment says of the caller, unless the number was changed meanwhile.
export function take(form, near) {
  const { name, phone } = form.elements;
  if (!near.dataset.name || name.value || near.dataset.asked !== phone.value.trim()) return;
  put(name, near.dataset.name, true);
  told(name);
}

export function start(form) {
  const { name, phone } = form.elements;
  name.addEventListener("input", () => delete name.dataset.filled);
  phone.addEventListener("input", () => {
    if (!("filled" in name.dataset)) return;
    put(name, "", false);
    told(name);
  });
  // Whom the agent chooses brings their name with them.
  form.addEventListener("change", ({ target }) => {
    if (target.name !== "person" || (name.value && !("filled" in name.dataset))) return;
    put(name, target.dataset.name || "", Boolean(target.dataset.name));
    told(name);
  });
}
