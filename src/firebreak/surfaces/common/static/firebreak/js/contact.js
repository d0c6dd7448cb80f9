// Whether the server answers: every fetch of the frame reports here, the light and the band show it.

const SLOW_AFTER = 5;
const LOST_AFTER = 10;

let heard = performance.now();
let trouble = false;

/** The server answered. */
export function heardFrom() {
  heard = performance.now();
  trouble = false;
}

/** The server did not answer. */
export function noAnswer() {
  trouble = true;
}

/** @returns {{state: "live" | "slow" | "lost", seconds: number}} */
export function contact() {
  const seconds = Math.floor((performance.now() - heard) / 1000);
  if (trouble && seconds >= LOST_AFTER) return { state: "lost", seconds };
  if (trouble && seconds >= SLOW_AFTER) return { state: "slow", seconds };
  return { state: "live", seconds };
}
