import { flush } from "{{ exchange }}";
const FILES = {{ files|safe }};
const CACHE = "lapangan-{{ version }}";
const HOME = "{{ home }}";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(FILES.map((url) => store(cache, url)))));
});

// A file whose name holds its fingerprint and that an earlier version had is taken from there; a breaking link is tried again.
async function store(cache, url) {
  const had = url === HOME ? null : await caches.match(url);
  if (had) return cache.put(url, had);
  for (let tries = 1; ; tries += 1) {
    try {
      return await cache.add(new Request(url, { cache: "reload" }));
    } catch (error) {
      if (tries === 6) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
    }
  }
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((one) => one.startsWith("lapangan-") && one !== CACHE).map((one) => caches.delete(one))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "use") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === HOME) {
    event.respondWith(caches.open(CACHE).then((cache) => cache.match(HOME)).then((found) => found || fetch(request)));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.open(CACHE).then((cache) => cache.match(request, { ignoreSearch: true })).then((found) => found || fetch(request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "kirim") event.waitUntil(send());
});

// What did not go out is asked for again by the browser. A locked phone sends nothing: its page does, after the PIN.
async function send() {
  const how = await flush({ urls: {{ urls|safe }} });
  if (["offline", "later", "busy"].includes(how)) throw new Error(how);
}
