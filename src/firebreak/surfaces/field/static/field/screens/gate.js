/**
 * A gate: scan a badge, read a word and a colour. Works as long as the page stays open, network or not.
 */
import { check } from "../badges.js";
import { showReadiness } from "../offline.js";
import { startCamera } from "./camera.js";

/** @import { Found, Known } from "../badges.js" */

const LOOK_EVERY_MS = 30_000;
/** @type {Record<Found["verdict"], [string, string, string]>} */
const WORDS = {
  good: ["放行", "Let in", "good"],
  expired: ["已过期,拦下", "Out of date: stop", "bad"],
  withdrawn: ["已作废,拦下", "No longer good: stop", "bad"],
  false: ["假证,拦下并报告", "Not ours: stop and report", "bad"],
  unreadable: ["不是证件码,请再扫", "Not a badge: scan again", "warn"],
};

/** @type {Known & { language: string, zone: string }} */
const facts = JSON.parse(element("facts").textContent ?? "{}");
const counts = { good: 0, bad: 0 };
let learnedAt = performance.now();

/** @param {string} zh @param {string} en */
function say(zh, en) {
  return facts.language === "zh" ? zh : en;
}

/** @param {string} raw */
async function take(raw) {
  const found = await check(raw, facts, serverNow(), facts.language);
  const [zh, en, tone] = WORDS[found.verdict];
  element("verdict").dataset.tone = tone;
  element("verdict-word").textContent = say(zh, en);
  element("verdict-who").textContent = "badge" in found ? who(found.badge) : "";
  if (tone !== "warn") {
    counts[tone === "good" ? "good" : "bad"] += 1;
    element("count-good").textContent = String(counts.good);
    element("count-bad").textContent = String(counts.bad);
  }
}

/** The server's time, carried on by this page: a phone's clock may be wrong. */
function serverNow() {
  return new Date(Date.parse(facts.asOf) + performance.now() - learnedAt);
}

/** @param {import("../badges.js").Badge} badge */
function who(badge) {
  const until = told(badge.notAfter, { dateStyle: "medium", timeStyle: "short" });
  return `${badge.name} · ${badge.post} · ${badge.unit} · ${say("有效到", "until")} ${until}`;
}

/**
 * A moment in the district's time.
 * @param {Date} moment @param {Intl.DateTimeFormatOptions} shape
 */
function told(moment, shape) {
  return moment.toLocaleString(facts.language === "zh" ? "zh-CN" : "en-GB", { ...shape, timeZone: facts.zone });
}

async function refresh() {
  try {
    const answer = await fetch(element("verdict").dataset.known ?? "", { headers: { Accept: "application/json" } });
    if (answer.ok) {
      Object.assign(facts, await answer.json());
      learnedAt = performance.now();
    }
  } catch {
    // No network: the list stays as old as it says.
  }
  const at = told(new Date(facts.asOf), { timeStyle: "short" });
  element("list-age").textContent = say(`作废名单截至 ${at}`, `list of ${at}`);
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

const field = /** @type {HTMLInputElement} */ (element("code"));
element("scan").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const raw = field.value;
  field.value = "";
  field.focus();
  if (raw.trim()) {
    void take(raw);
  }
});
element("camera").addEventListener("click", () => {
  void startCamera(/** @type {HTMLVideoElement} */ (element("viewer")), (text) => void take(text));
});
setInterval(() => void refresh(), LOOK_EVERY_MS);
void refresh();
void showReadiness(say);
field.focus();
