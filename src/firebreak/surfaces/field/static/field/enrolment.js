/**
 * The phone's own token. It comes once in the fragment of the enrolment link, which no server ever sees, and stays.
 *
 * Loaded by itself on the page the link leads to, so that the phone is enrolled before a site is chosen.
 */

const KEPT_AS = "device-token";

/** @returns {string | null} the token, or null on a phone that is not enrolled */
export function tokenOfThisPhone() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    localStorage.setItem(KEPT_AS, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return localStorage.getItem(KEPT_AS);
}

tokenOfThisPhone();
addEventListener("hashchange", tokenOfThisPhone); // the link opened in a tab that shows its page already
