// The phone's position, and a search as one types. Both end in the same form that works without script.

const form = document.querySelector("form[data-draft]");
const button = document.querySelector("[data-locate]");
const problem = document.querySelector("[data-locate-error]");

function say(words) {
  problem.textContent = words;
  problem.hidden = !words;
}

button.addEventListener("click", () => {
  say("");
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = button.dataset.waiting;
  const denied = () => {
    label.textContent = before;
    say(button.dataset.denied);
  };
  if (!navigator.geolocation) return denied();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.lat.value = coords.latitude.toFixed(6);
      form.elements.lng.value = coords.longitude.toFixed(6);
      form.elements.accuracy.value = Math.round(coords.accuracy);
      form.elements.area.value = "";
      for (const one of form.querySelectorAll("[name=choice]")) one.checked = false;
      form.action = form.dataset.own;
      form.requestSubmit(form.querySelector("[value=district]"));
    },
    denied,
    { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
  );
});

const box = document.querySelector("[data-search-url]");
const input = box.querySelector("input");
const found = box.querySelector("[data-found]");
let timer = 0;
let running = null;
let missed = false;

async function search() {
  running?.abort();
  running = new AbortController();
  missed = false;
  const text = input.value.trim();
  if (text.length < 2) return;
  const query = new URLSearchParams({ q: text, lat: form.elements.lat.value, lng: form.elements.lng.value, accuracy: form.elements.accuracy.value });
  try {
    const answer = await fetch(`${box.dataset.searchUrl}?${query}`, { signal: running.signal });
    if (!answer.ok) return;
    found.innerHTML = await answer.text();
    form.elements.searched.value = text;
  } catch (error) {
    missed = error.name !== "AbortError"; // no signal: asked again when it is back
  }
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, 350);
});

addEventListener("online", () => missed && search());
if (input.value.trim() !== form.elements.searched.value.trim()) search(); // typed before this script was here

// Enter asks for the place typed; it does not leave the page.
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !input.value.trim()) return;
  event.preventDefault();
  clearTimeout(timer);
  search();
});

// The button at the foot repeats the chosen village; a district opens its villages.
const onwards = document.querySelector("[data-onwards]");

function nameChosen() {
  const name = form.querySelector("[name=choice]:checked")?.dataset.name;
  onwards.textContent = name ? onwards.dataset.with.replace("{}", name) : onwards.dataset.plain;
}

nameChosen();
form.addEventListener("change", (event) => {
  if (event.target.name !== "choice") return;
  nameChosen();
  if (event.target.value.startsWith("district:")) {
    form.action = form.dataset.own;
    form.requestSubmit(form.querySelector("[value=district]"));
  }
});
