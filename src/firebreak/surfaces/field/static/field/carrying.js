/**
 * The outbox as a file, for a phone that finds no network: sealed with the phone's token, taken in at a desk.
 */

/** @import { CapturedEvent } from "./types.js" */

/**
 * The file of these events.
 * @param {CapturedEvent[]} events
 * @param {string} token
 */
export async function fileOf(events, token) {
  const text = JSON.stringify(events);
  const secret = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = hex(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
  return new Blob([JSON.stringify({ firebreak_outbox: 1, client: "1.0", events: text, mac })], { type: "application/json" });
}

/**
 * Hand a file to the person who holds the phone.
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {ArrayBuffer} bytes */
function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
