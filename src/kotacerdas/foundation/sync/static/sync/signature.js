// A place to sign with a finger; each stroke is stored as a PNG.

const WIDTH = 640;
const HEIGHT = 280;

export function signaturePad(store, props) {
  const pad = document.createElement("canvas");
  Object.assign(pad, { width: WIDTH, height: HEIGHT, className: "pad" });
  for (const [name, value] of Object.entries(props)) pad.setAttribute(name, value);
  const pen = pad.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#0A141A" });
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * (WIDTH / box.width), (event.clientY - box.top) * (HEIGHT / box.height)];
  };
  let isDown = false;
  pad.addEventListener("pointerdown", (event) => {
    isDown = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  const end = () => {
    if (isDown) pad.toBlob((blob) => blob && store(blob), "image/png");
    isDown = false;
  };
  pad.addEventListener("pointerup", end);
  pad.addEventListener("pointercancel", end);
  return pad;
}
