// The wall's clock: ticks on the page's own time, in the zone the server writes its instants in.

import { now } from "./ages.js";

export function start() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const zone = clock.dataset.clock;
  const language = document.documentElement.lang;
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "full", timeZone: zone });
  setInterval(() => {
    clock.textContent = time.format(now());
    document.querySelector("[data-day]").textContent = day.format(now());
  }, 1000);
}
