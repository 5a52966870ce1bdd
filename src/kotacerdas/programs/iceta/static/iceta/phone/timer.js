// The time since the first key of this call; it is stored with the call.

let began = 0;
let field = null;

const passed = () => (began ? Math.round((Date.now() - began) / 1000) : 0);

export function write() {
  if (!began) return;
  field.value = passed();
}

export function start(form) {
  field = form.querySelector("[data-seconds]");
  const box = form.querySelector("[data-timer]");
  const shown = form.querySelector("[data-timer-time]");
  const tick = () => {
    const seconds = passed();
    shown.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}.${String(seconds % 60).padStart(2, "0")}`;
  };
  const begin = () => {
    if (began) return;
    began = Date.now() - (Number(field.value) || 0) * 1000;
    box.hidden = false;
    tick();
    setInterval(tick, 1000);
  };
  if (Number(field.value) || form.elements.phone.value) begin();
  form.addEventListener("input", begin);
}
