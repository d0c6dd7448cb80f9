/**
 * Makes this page ready to open without a network, and says so only when it was tried: page and files kept, disk writable.
 */
import { SCANNER_FILES } from "./screens/camera.js";

const ANSWER_WITHIN_MS = 20_000;

/** @typedef {"ready" | "not-kept" | "no-worker"} Readiness */

/**
 * Keep the page and all it loads; `ready` when nothing is lacking.
 * @returns {Promise<Readiness>}
 */
export async function makeReady() {
  if (!("serviceWorker" in navigator)) {
    return "no-worker";
  }
  await navigator.serviceWorker.register("/field-worker.js", { scope: "/" });
  const { active } = await navigator.serviceWorker.ready;
  if (!active) {
    return "no-worker";
  }
  await navigator.storage?.persist?.();
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const files = [...loaded, ...SCANNER_FILES].filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
  const lacking = await asked(active, { page: location.pathname, files: [...new Set(files.map((url) => url.pathname))] });
  return lacking.length === 0 ? "ready" : "not-kept";
}

/**
 * @param {ServiceWorker} worker
 * @param {{ page: string, files: string[] }} wish
 * @returns {Promise<string[]>} what is lacking
 */
function asked(worker, wish) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    const timer = setTimeout(() => resolve(["no answer"]), ANSWER_WITHIN_MS);
    channel.port1.onmessage = (event) => {
      clearTimeout(timer);
      resolve(event.data.lacking);
    };
    worker.postMessage(wish, [channel.port2]);
  });
}

/**
 * Say in the page's head whether it would open without a network.
 * @param {(zh: string, en: string) => string} say
 */
export async function showReadiness(say) {
  const place = document.getElementById("ready");
  if (!place) {
    return;
  }
  const found = await makeReady().catch(() => /** @type {Readiness} */ ("not-kept"));
  place.hidden = false;
  place.dataset.ready = found;
  place.textContent = found === "ready" ? say("✓ 断网可用", "✓ ready offline") : say("断网不可用", "not ready offline");
}
