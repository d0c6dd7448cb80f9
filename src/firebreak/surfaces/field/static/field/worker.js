/**
 * Keeps the field pages and what they load on the phone, so that they open from cold without a network.
 *
 * With a network every answer is fetched anew and kept; without one the kept answer is given. Only field pages and static files
 * are kept, never an answer with personal data: those pages hold codes and keys. Signing out throws the pages away.
 */

const PAGES = "field-pages";
const FILES = "field-files";
const FIELD = /^\/(sample(\/[\w-]+)?|handover|gate)$/;
const PATIENCE_MS = 4000;

const worker = /** @type {any} */ (self); // TypeScript's libraries of pages and of workers exclude each other

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) {
    return;
  }
  if (event.request.method === "POST" && url.pathname === "/sign-out") {
    event.waitUntil(caches.delete(PAGES));
  } else if (event.request.method !== "GET") {
    return;
  } else if (event.request.mode === "navigate" && FIELD.test(url.pathname)) {
    event.respondWith(answered(event.request, PAGES, url.pathname));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(answered(event.request, FILES, url.pathname));
  }
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  event.waitUntil(keep(event.data.page, event.data.files).then((lacking) => event.ports[0]?.postMessage({ lacking })));
});

/**
 * The network's answer, kept as it passes; without a network, or with one that does not answer, the kept one.
 * @param {Request} request
 * @param {string} name
 * @param {string} key
 */
async function answered(request, name, key) {
  const cache = await caches.open(name);
  const kept = await cache.match(key);
  try {
    const fresh = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    if (fresh.ok && !fresh.redirected) {
      await cache.put(key, fresh.clone());
    }
    return fresh;
  } catch (problem) {
    if (kept) {
      return kept;
    }
    throw problem;
  }
}

/**
 * Keep a page and its files; answers what could not be kept.
 * @param {string} page
 * @param {string[]} files
 */
async function keep(page, files) {
  const lacking = [];
  for (const [name, key] of [[PAGES, page], ...files.map((file) => [FILES, file])]) {
    const cache = await caches.open(/** @type {string} */ (name));
    try {
      const answer = await fetch(/** @type {string} */ (key), { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) {
        throw new Error(`${key} answered ${answer.status}`);
      }
      await cache.put(/** @type {string} */ (key), answer);
    } catch {
      if (!(await cache.match(/** @type {string} */ (key)))) {
        lacking.push(key);
      }
    }
  }
  return lacking;
}
