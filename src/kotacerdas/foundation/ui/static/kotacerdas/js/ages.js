// <time data-age datetime="..."> goes on ticking in the page's language.

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

export function ago(seconds, language) {
  if (Math.abs(seconds) < 1) return language === "id" ? "baru saja" : "just now";
  const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? UNITS[5];
  const words = new Intl.RelativeTimeFormat(language, { numeric: "always" }).format(Math.trunc(seconds / size), unit);
  return words.replace(" yang lalu", " lalu").replace(/^dalam (.*)$/, "$1 lagi");
}

// The training clock may stand elsewhere than the browser's: the page's own render time is the anchor.
const anchor = Number(document.querySelector("meta[name=now]")?.content) || Date.now();
const loaded = performance.now();
export const now = () => anchor + performance.now() - loaded;

export function start() {
  const language = document.documentElement.lang;
  const tick = () => {
    for (const element of document.querySelectorAll("time[data-age]")) {
      const words = ago((new Date(element.dateTime) - now()) / 1000, language);
      if (element.textContent !== words) element.textContent = words;
      const tile = element.closest("[data-stale-after]");
      if (tile && now() - new Date(element.dateTime) > tile.dataset.staleAfter * 1000) {
        tile.classList.replace("fresh", "stale");
      }
    }
  };
  setInterval(tick, 5000);
}
