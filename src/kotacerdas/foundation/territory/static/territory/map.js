// Pan and zoom for the server's SVG maps, by changing the viewBox. Without it the still map stays.

const DEEPEST = 8;

function enhance(figure) {
  const svg = figure.querySelector("svg");
  if (!svg || figure.dataset.mapReady) return;
  figure.dataset.mapReady = "yes";
  const whole = svg.viewBox.baseVal;
  const home = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let view = { ...home };
  const held = new Map();

  const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

  function show(next) {
    const width = clamp(next.width, home.width / DEEPEST, home.width);
    const height = (width * home.height) / home.width;
    view = {
      x: clamp(next.x, home.x, home.x + home.width - width),
      y: clamp(next.y, home.y, home.y + home.height - height),
      width,
      height,
    };
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  function zoom(factor, cx = 0.5, cy = 0.5) {
    const width = clamp(view.width / factor, home.width / DEEPEST, home.width);
    const grown = view.width - width;
    show({ x: view.x + grown * cx, y: view.y + (grown * cy * home.height) / home.width, width });
  }

  function at(event) {
    const box = svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  const apart = () => {
    const [a, b] = [...held.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };

  svg.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, event);
  });
  svg.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const spread = held.size === 2 ? apart() : 0;
    held.set(event.pointerId, event);
    if (held.size === 2 && spread > 0) {
      zoom(apart() / spread, ...at(event));
    } else if (held.size === 1 && view.width < home.width) {
      svg.setPointerCapture(event.pointerId);
      const unit = view.width / svg.getBoundingClientRect().width;
      show({
        ...view,
        x: view.x - (event.clientX - before.clientX) * unit,
        y: view.y - (event.clientY - before.clientY) * unit,
      });
    }
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    svg.addEventListener(name, (event) => held.delete(event.pointerId));
  }
  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return; // plain scrolling belongs to the page
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
    },
    { passive: false },
  );

  const buttons = figure.querySelector("[data-map-buttons]");
  if (buttons) {
    buttons.hidden = false;
    buttons.addEventListener("click", (event) => {
      const which = event.target.closest("[data-map-zoom]")?.dataset.mapZoom;
      if (which === "in") zoom(1.6);
      if (which === "out") zoom(1 / 1.6);
      if (which === "all") show(home);
    });
  }
}

function enhanceAll(root) {
  for (const figure of root.querySelectorAll("[data-map]")) enhance(figure);
}

enhanceAll(document);
document.addEventListener("htmx:afterSwap", (event) => enhanceAll(event.target));
