// The sync light, the ledger's clock, the link-loss band, and the age of what stands on the page.

import { contact, heardFrom, noAnswer } from "./contact.js";

const EVERY = 5000;
const GIVE_UP = 4000;

/** @param {Document} page */
export function startPulse(page) {
  const light = page.querySelector("[data-sync]");
  const address = light instanceof HTMLElement ? light.dataset.pulse : "";
  if (!(light instanceof HTMLElement) || !address) return;
  const ask = async () => {
    if (page.hidden) return;
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(GIVE_UP), redirect: "error" });
      if (!answer.ok) return noAnswer();
      heardFrom();
      showClock(page, await answer.json());
    } catch {
      noAnswer();
    }
  };
  setInterval(ask, EVERY);
  setInterval(() => showContact(page, light), 1000);
  page.addEventListener("visibilitychange", ask);
  ask();
}

/** @type {number} what the ledger's clock said last, in milliseconds */
let ledger = Date.now();

/**
 * @param {Document} page
 * @param {{now: string, day: string, time: string}} answer
 */
function showClock(page, answer) {
  ledger = Date.parse(answer.now);
  put(page, "[data-clock-time]", answer.time);
  put(page, "[data-clock-day]", answer.day);
  for (const part of page.querySelectorAll("[data-as-of][data-period]")) {
    if (part instanceof HTMLElement) showAge(part);
  }
}

/**
 * Grey a part that is older than twice its period, and say how old it is.
 * @param {HTMLElement} part
 */
function showAge(part) {
  const age = (ledger - Date.parse(part.dataset.asOf ?? "")) / 1000;
  const stale = age > 2 * Number(part.dataset.period);
  part.classList.toggle("stale", stale);
  let words = part.querySelector(":scope > .stale-age");
  if (!stale) return words?.remove();
  if (!words) {
    words = document.createElement("p");
    words.className = "stale-age";
    part.append(words);
  }
  const minutes = Math.floor(age / 60);
  const chinese = document.documentElement.lang.startsWith("zh");
  const length = minutes ? `${minutes} ${chinese ? "分钟" : "min"}` : `${Math.floor(age)} ${chinese ? "秒" : "s"}`;
  words.textContent = chinese ? `${length}前的数字` : `figures from ${length} ago`;
}

/**
 * @param {Document} page
 * @param {HTMLElement} light
 */
function showContact(page, light) {
  const { state, seconds } = contact();
  light.classList.toggle("slow", state === "slow");
  light.classList.toggle("lost", state === "lost");
  const word = light.dataset[`${state}Word`] ?? "";
  const shown = light.querySelector("[data-sync-words]");
  const chinese = document.documentElement.lang.startsWith("zh");
  const age = `${seconds} ${chinese ? "秒" : "s"}`;
  if (shown) shown.textContent = state === "live" ? word : `${word} ${age}`;
  const band = page.querySelector("#linkband");
  if (band instanceof HTMLElement) band.hidden = state !== "lost";
  put(page, "[data-lost-for]", state === "lost" ? age : "");
}

/**
 * @param {Document} page
 * @param {string} place
 * @param {string} words
 */
function put(page, place, words) {
  for (const found of page.querySelectorAll(place)) {
    if (found.textContent !== words) found.textContent = words;
  }
}
