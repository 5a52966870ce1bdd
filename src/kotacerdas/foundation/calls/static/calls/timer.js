// The time since the first key of this call; it is stored with the call.

let began = 0;
let field = null;

const passed = () => (began ? Math.round((Date.now() - began) / 1000) : 0);

const since = () => Date.now() - (Number(field.value) || 0) * 1000;

// The field was set to another call's time: that one goes on.
export function resume() {
  if (began) began = since();
}

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
    began = since();
    box.hidden = false;
    tick();
    setInterval(tick, 1000);
  };
  if (Number(field.value) || form.elements.phone.value) begin();
  form.addEventListener("input", begin);
}
