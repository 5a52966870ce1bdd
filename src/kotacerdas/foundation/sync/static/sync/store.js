// What the phone keeps, in IndexedDB. Every change is one transaction: all of it stands, or none.

const NAME = "lapangan";
const VERSION = 1;
const STORES = { meta: "name", records: ["kind", "id"], outbox: "id", photos: "id", drafts: "id" };
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath });
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opening = null; };
      request.result.onclose = () => { opening = null; };
      resolve(request.result);
    };
    request.onerror = () => { opening = null; reject(request.error); };
  });
  return opening;
}

const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export async function read(store, key) {
  return result((await open()).transaction(store).objectStore(store).get(key));
}

export async function all(store) {
  return result((await open()).transaction(store).objectStore(store).getAll());
}

// [[store, value], [store, null, key], [store, null]]: put, delete, empty; durable before it resolves.
export async function write(changes) {
  const names = [...new Set(changes.map(([store]) => store))];
  if (!names.length) return;
  const running = (await open()).transaction(names, "readwrite", { durability: "strict" });
  try {
    for (const [store, value, key] of changes) {
      const at = running.objectStore(store);
      if (value !== null) at.put(value);
      else if (key === undefined) at.clear();
      else at.delete(key);
    }
  } catch (error) {
    running.abort();
    throw error;
  }
  await new Promise((resolve, reject) => {
    running.oncomplete = resolve;
    running.onerror = running.onabort = () => reject(running.error);
  });
  tell();
}

// Read, change and put one row in one transaction, so that no other tab's change is lost.
export async function change(store, key, how) {
  const running = (await open()).transaction(store, "readwrite", { durability: "strict" });
  const at = running.objectStore(store);
  const next = how(await result(at.get(key)));
  if (next) at.put(next);
  await new Promise((resolve, reject) => {
    running.oncomplete = resolve;
    running.onerror = running.onabort = () => reject(running.error);
  });
  tell();
  return next;
}

export async function wipe() {
  await write(Object.keys(STORES).map((name) => [name, null]));
}

const channel = new BroadcastChannel("lapangan");
const listeners = new Set();
channel.onmessage = () => listeners.forEach((one) => one());

function tell() {
  channel.postMessage("changed");
  listeners.forEach((one) => one());
}

export function onChange(listener) {
  listeners.add(listener);
}
