// A job's block is dragged to another place in the timetable: the same form as the one of its card is posted.

const LEAST = 6; // px before a press is a drag
const svg = document.querySelector("[data-gantt]");
const form = document.querySelector("[data-drag]");
let held = null;
let wasDrag = false; // the click that follows a drag opens nothing

const laneAt = (y) =>
  [...svg.querySelectorAll("[data-unit]")].find((lane) => {
    const box = lane.querySelector(".lane-ground").getBoundingClientRect();
    return box.top <= y && y < box.bottom;
  });

// The number that the job gets there: one more than those that begin further left, besides itself.
function numberAt(lane, x, job) {
  const before = [...lane.querySelectorAll("[data-job]")].filter((block) => {
    const box = block.querySelector("rect").getBoundingClientRect();
    return block.dataset.job !== job && box.left + box.width / 2 < x;
  });
  return Math.max(before.length, Number(lane.dataset.begun)) + 1;
}

function mark(lane) {
  for (const ground of svg.querySelectorAll(".lane-ground")) ground.classList.toggle("over", ground.parentNode === lane);
}

function move(event) {
  const [x, y] = [event.clientX - held.x, event.clientY - held.y];
  if (!held.isDrag && Math.hypot(x, y) < LEAST) return;
  held.isDrag = true;
  const scale = svg.viewBox.baseVal.width / svg.getBoundingClientRect().width;
  held.block.setAttribute("transform", `translate(${x * scale} ${y * scale})`);
  held.block.classList.add("dragged");
  mark(laneAt(event.clientY));
}

function end(event) {
  document.removeEventListener("pointermove", move);
  document.removeEventListener("pointerup", end);
  document.removeEventListener("pointercancel", end);
  const { block, isDrag } = held;
  held = null;
  if (!isDrag) return;
  block.removeAttribute("transform");
  block.classList.remove("dragged");
  mark(null);
  wasDrag = true;
  const lane = event.type === "pointerup" && laneAt(event.clientY);
  if (!lane) return;
  form.elements.job.value = block.dataset.job;
  form.elements.unit.value = lane.dataset.unit;
  form.elements.number.value = numberAt(lane, event.clientX, block.dataset.job);
  form.requestSubmit();
}

if (svg && form) {
  svg.addEventListener("dragstart", (event) => event.preventDefault()); // a link would be dragged away
  svg.addEventListener("click", (event) => wasDrag && event.preventDefault(), true);
  svg.addEventListener("pointerdown", (event) => {
    wasDrag = false;
    const block = event.button === 0 && event.target.closest("[data-movable]");
    if (!block) return;
    held = { block, x: event.clientX, y: event.clientY, isDrag: false };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  });
}
