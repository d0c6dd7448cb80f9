// Regions that refresh themselves: fetch with the last ETag, replace what changed, never under the reader's hands.

import { heardFrom, noAnswer } from "./contact.js";

const GIVE_UP = 8000;
const LEAST = 1;

/** @typedef {{process: (element: Element) => void}} Htmx */

/** @param {ParentNode} root */
export function startLive(root) {
  for (const region of root.querySelectorAll("[data-live]")) {
    if (!(region instanceof HTMLElement) || region.dataset.liveStarted) continue;
    region.dataset.liveStarted = "yes";
    keepFresh(region, Math.max(LEAST, Number(region.dataset.every) || 5) * 1000);
  }
}

/**
 * Ask again after each answer, so that a slow server is never asked twice at once.
 * @param {HTMLElement} region
 * @param {number} every milliseconds
 */
function keepFresh(region, every) {
  let mark = "";
  const again = async () => {
    if (!region.isConnected) return;
    if (!document.hidden && !busy(region)) mark = await refresh(region, mark);
    setTimeout(again, every);
  };
  setTimeout(again, every);
}

/**
 * One question. Returns the mark (ETag) of what is now shown.
 * @param {HTMLElement} region
 * @param {string} mark
 */
async function refresh(region, mark) {
  try {
    const answer = await fetch(region.dataset.live ?? "", {
      headers: { "X-Live": "1", ...(mark ? { "If-None-Match": mark } : {}) },
      redirect: "error",
      signal: AbortSignal.timeout(GIVE_UP),
    });
    if (answer.status === 304) {
      heardFrom();
      return mark;
    }
    if (!answer.ok) {
      noAnswer();
      return mark;
    }
    heardFrom();
    const words = await answer.text();
    if (busy(region)) return mark;
    replace(region, words);
    return answer.headers.get("ETag") ?? "";
  } catch {
    noAnswer();
    return mark;
  }
}

/**
 * Put the new inside in place; open details stay open and the focus stays where it was.
 * @param {HTMLElement} region
 * @param {string} words
 */
function replace(region, words) {
  const open = [...region.querySelectorAll("details[open][id]")].map((part) => part.id);
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  const place = focused?.id || focused?.getAttribute("href");
  region.innerHTML = words;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (place) {
    const again = document.getElementById(place) ?? region.querySelector(`[href="${CSS.escape(place)}"]`);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }
  /** @type {{htmx?: Htmx}} */ (globalThis).htmx?.process(region);
  region.dispatchEvent(new CustomEvent("live:replaced", { bubbles: true }));
}

/**
 * Whether the reader types, has a panel open or marks text in the region.
 * @param {HTMLElement} region
 */
function busy(region) {
  const active = document.activeElement;
  const typing = active?.matches("input, select, textarea") && region.contains(active);
  const marked = getSelection();
  const marking = marked && !marked.isCollapsed && marked.anchorNode && region.contains(marked.anchorNode);
  return Boolean(typing || marking || region.querySelector("details.unmask[open], details.refuse[open]"));
}
