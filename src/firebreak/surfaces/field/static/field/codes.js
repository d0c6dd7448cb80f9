/**
 * What a scanned or typed text means. Pure: text in, meaning out.
 *
 * Our own printed codes begin with `FB1:`; identity cards and tube labels of other makers are read as they are.
 */

/**
 * @typedef {{ kind: "tube", code: string }
 *   | { kind: "person", body: Record<string, unknown> }
 *   | { kind: "bag", code: string }
 *   | { kind: "command", command: "seal" | "undo" | "void" }
 *   | { kind: "unknown", text: string }} Meaning
 */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

/**
 * @param {string} raw as the scanner, the camera or the keyboard gave it
 * @returns {Meaning}
 */
export function meaningOf(raw) {
  const text = raw.normalize("NFKC").replace(/\s+/g, "").trim();
  const own = /^FB1:([TPCG]):(.+)$/i.exec(text);
  if (own?.[1] && own[2]) {
    return ownCode(own[1].toUpperCase(), own[2]);
  }
  const upper = text.toUpperCase();
  if (/^\d{17}[\dX]$/.test(upper)) {
    return checksOut(upper) ? { kind: "person", body: { id_number: upper } } : { kind: "unknown", text: upper };
  }
  const door = /^([A-Z0-9-]+)[/,，](.+)[/,，]([0-9X]{4})$/.exec(upper);
  if (door) {
    return { kind: "person", body: { door: { building: door[1], door: door[2], last4: door[3] } } };
  }
  if (/^BAG-[A-Z0-9-]{1,36}$/.test(upper)) {
    return { kind: "bag", code: upper };
  }
  if (/^[A-Z]{1,4}\d{0,4}-?\d{4,12}$/.test(upper)) {
    return { kind: "tube", code: upper };
  }
  return { kind: "unknown", text };
}

/** @param {string} number 18 characters, GB 11643 */
export function checksOut(number) {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
  return CHECKS[sum % 11] === number[17];
}

/** @param {string} letter @param {string} rest @returns {Meaning} */
function ownCode(letter, rest) {
  if (letter === "T") {
    return { kind: "tube", code: rest.toUpperCase() };
  }
  if (letter === "G") {
    return { kind: "bag", code: rest.toUpperCase() };
  }
  if (letter === "P") {
    return { kind: "person", body: { person: `person:${rest.toLowerCase()}` } };
  }
  const command = rest.toLowerCase();
  return command === "seal" || command === "undo" || command === "void"
    ? { kind: "command", command }
    : { kind: "unknown", text: rest };
}
