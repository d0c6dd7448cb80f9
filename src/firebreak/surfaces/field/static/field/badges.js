/**
 * Whether a badge is true and good, from its code alone: no server is asked.
 *
 * A code is `FB1:B:` + facts + `.` + signature, both base64url; the facts are a JSON list as the server writes it. The
 * signature is ECDSA over P-256 with SHA-256.
 */

const PREFIX = "FB1:B:";

/**
 * @typedef {{ key: JsonWebKey, withdrawn: string[], asOf: string }} Known
 * @typedef {{ name: string, post: string, unit: string, notAfter: Date }} Badge
 * @typedef {{ verdict: "good" | "expired" | "withdrawn", badge: Badge } | { verdict: "false" | "unreadable" }} Found
 */

/**
 * The facts of a code with a prefix of ours, once its signature has been checked: "unreadable" for any other text.
 * @param {string} raw
 * @param {string} prefix
 * @param {JsonWebKey} jwk
 * @returns {Promise<unknown[] | "false" | "unreadable">}
 */
export async function signedFacts(raw, prefix, jwk) {
  const [body, signature] = raw.trim().replace(prefix, "").split(".").map(bytesOf);
  if (!raw.trim().startsWith(prefix) || !body || !signature) {
    return "unreadable";
  }
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  return (await crypto.subtle.verify(algorithm, key, signature, body)) ? JSON.parse(new TextDecoder().decode(body)) : "false";
}

/**
 * @param {string} raw as the scanner, the camera or the keyboard gave it
 * @param {Known} known the key, and the badges known to be no longer good
 * @param {Date} now
 * @param {string} language
 * @returns {Promise<Found>}
 */
export async function check(raw, known, now, language) {
  const facts = await signedFacts(raw, PREFIX, known.key);
  if (typeof facts === "string") {
    return { verdict: facts };
  }
  const [token, , name, postZh, postEn, unitZh, unitEn, ends] = /** @type {any[]} */ (facts);
  const zh = language === "zh";
  const badge = { name, post: zh ? postZh : postEn, unit: zh ? unitZh : unitEn, notAfter: new Date(ends * 1000) };
  if (known.withdrawn.includes(token)) {
    return { verdict: "withdrawn", badge };
  }
  return { verdict: now > badge.notAfter ? "expired" : "good", badge };
}

/**
 * @param {string} text base64url without padding
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
function bytesOf(text) {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
