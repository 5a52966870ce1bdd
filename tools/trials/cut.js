// What a person cannot read on a page: cut, hidden behind an edge, written over other text, or off the screen.
() => {
  const SLACK = 1.5, found = [];
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const told = (text) => text.replace(/\s+/g, " ").trim().slice(0, 60);
  const name = (one) => {
    const classes = typeof one.className === "string" ? one.className.trim().split(/\s+/).slice(0, 2).join(".") : "";
    return one.tagName.toLowerCase() + (one.id ? `#${one.id}` : "") + (classes ? `.${classes}` : "");
  };
  const path = (one) => [one.parentElement, one].filter(Boolean).map(name).join(" > ");
  const say = (kind, one, text) => found.push(`${kind}: ${path(one)} “${told(text)}”`);
  const unseen = (one) => {
    for (let up = one; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.clipPath === "inset(50%)" || (up.offsetWidth !== undefined && up.offsetWidth <= 1 && style.overflow === "hidden")) return true;
    }
    return false;
  };
  const layer = (one) => {
    for (let up = one; up; up = up.parentElement) if (["fixed", "sticky", "absolute"].includes(getComputedStyle(up).position)) return up;
    return null;
  };
  const ink = new Map(); // the element, and where its own text stands, a box a line
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const one = node.parentElement;
    if (!node.data.trim() || one.closest("script, style, noscript, option, title, desc, textarea, .skip, [data-shortened]") || !shown(one) || unseen(one)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0.5 && box.height > 0.5);
    if (boxes.length) ink.set(node, { one, boxes, text: node.data, layer: layer(one) });
  }
  const hides = (value) => value === "hidden" || value === "clip";
  for (const { one, boxes, text } of ink.values()) {
    const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
    const bottom = Math.max(...boxes.map((box) => box.bottom)), high = boxes[0].height;
    let across = false, down = false;
    for (let up = one; up && up !== document.documentElement; up = up.parentElement) {
      const style = getComputedStyle(up), edge = up.getBoundingClientRect();
      if (up.namespaceURI.endsWith("svg") && up.tagName !== "svg") continue;
      if (style.display === "inline" || style.display === "contents") continue;
      const past = right > edge.right + SLACK || left < edge.left - SLACK;
      if (past && hides(style.overflowX) && !across) { say("cut at the side", one, text); break; }
      if (past && ["auto", "scroll"].includes(style.overflowX) && !across && !up.matches("body")) {
        if (!up.matches("[tabindex], .scroll, .chips, .tabs, [data-sideways]")) say(`behind the edge of ${name(up)}`, one, text);
        across = true;
      }
      if (["auto", "scroll"].includes(style.overflowY)) down = true;
      if (!down && hides(style.overflowY) && bottom - high * 0.3 > edge.bottom + SLACK) { say("cut below", one, text); break; }
      if (style.position === "fixed") break;
    }
    if (!across && (left < -SLACK || right > innerWidth + SLACK)) say("off the screen", one, text);
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll("input, select")) {
    if (!shown(field) || unseen(field) || field.closest("[data-shortened]") || ["hidden", "checkbox", "radio", "file", "range", "color"].includes(field.type)) continue;
    const style = getComputedStyle(field);
    if (Number(style.opacity) === 0) continue;
    const text = field.tagName === "SELECT" ? field.selectedOptions[0]?.text ?? "" : field.value || field.placeholder;
    if (!text || ["date", "time", "datetime-local", "month", "number"].includes(field.type)) continue;
    if (!field.value && getComputedStyle(field, "::placeholder").opacity === "0") continue;
    const face = field.value || field.tagName === "SELECT" ? style : getComputedStyle(field, "::placeholder");
    pen.font = `${face.fontStyle} ${face.fontWeight} ${face.fontSize} ${face.fontFamily}`;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - (field.tagName === "SELECT" && style.appearance !== "none" ? 18 : 0);
    if (pen.measureText(text).width > room + SLACK) say(field.value && field.tagName !== "SELECT" ? "a value is longer than its field" : "longer than its field", field, text);
  }
  const clipped = (one, box) => { // what is left of a box inside all that hides or scrolls
    let { left, right, top, bottom } = box;
    for (let up = one; up && up !== document.documentElement; up = up.parentElement) {
      const style = getComputedStyle(up), edge = up.getBoundingClientRect();
      if (style.display === "inline" || style.display === "contents") continue;
      if (style.overflowX !== "visible") { left = Math.max(left, edge.left); right = Math.min(right, edge.right); }
      if (style.overflowY !== "visible") { top = Math.max(top, edge.top); bottom = Math.min(bottom, edge.bottom); }
      if (style.position === "fixed") break;
    }
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  };
  const drawn = [...ink.values()].filter((word) => !word.one.closest("[class*=map] svg, [class*=way] svg"));
  const all = drawn.flatMap((word) => word.boxes.map((box) => ({ ...word, box: clipped(word.one, box) })))
    .filter((word) => word.box.width > 1 && word.box.height > 1);
  all.sort((a, b) => a.box.top - b.box.top);
  const over = new Set();
  for (let i = 0; i < all.length; i += 1) {
    const a = all[i], thin = a.box.height * 0.3;
    for (let j = i + 1; j < all.length && all[j].box.top < a.box.bottom - thin; j += 1) {
      const b = all[j];
      if (a.one === b.one || a.layer !== b.layer) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide > 2 && high > Math.min(a.box.height, b.box.height) * 0.35 && !over.has(a.one)) {
        over.add(a.one);
        say(`written over “${told(b.text)}”`, a.one, a.text);
      }
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + SLACK) found.push(`scrolls sideways: ${document.documentElement.scrollWidth} of ${innerWidth}`);
  return [...new Set(found)];
}
