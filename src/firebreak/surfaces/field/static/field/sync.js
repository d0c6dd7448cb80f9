/**
 * Carries events to the server: oldest first, at most 100 or 256 KB a batch, full jitter between failures.
 *
 * A screen never waits for it. What the server answers for each event goes back into the store.
 */

/** @import { BatchAnswer, CapturedEvent, SyncState } from "./types.js" */
/** @import { Store } from "./store.js" */

const BATCH_EVENTS = 100;
const BATCH_BYTES = 256 * 1024;
const LONGEST_WAIT_S = 60;

export class Sync {
  /**
   * @param {Store} store
   * @param {string} token device token
   * @param {(state: SyncState) => void} tell called whenever the state of delivery changes
   * @param {(answer: BatchAnswer) => void} heard called with each batch answer
   */
  constructor(store, token, tell, heard) {
    this.store = store;
    this.token = token;
    this.tell = tell;
    this.heard = heard;
    this.failures = 0;
    this.running = false;
    this.more = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Start delivering; also call it after every new event. */
  poke() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#deliver(), 0);
  }

  async #deliver() {
    if (this.running) {
      this.more = true;
      return;
    }
    this.running = true;
    this.more = false;
    try {
      for (let batch = await this.#batch(); batch.length > 0; batch = await this.#batch()) {
        await this.#send(batch);
        this.failures = 0;
      }
      this.tell({ online: true, waiting: 0, trouble: "none", retryInSeconds: 0 });
    } catch (problem) {
      await this.#later(problem);
    } finally {
      this.running = false;
    }
    if (this.more) {
      this.poke();
    }
  }

  /** @returns {Promise<CapturedEvent[]>} */
  async #batch() {
    const waiting = await this.store.waiting(BATCH_EVENTS);
    let bytes = 64;
    const fits = waiting.findIndex((event) => (bytes += JSON.stringify(event).length * 3) > BATCH_BYTES);
    return fits === -1 ? waiting : waiting.slice(0, Math.max(1, fits));
  }

  /** @param {CapturedEvent[]} events */
  async #send(events) {
    const response = await fetch("/api/v1/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Device ${this.token}` },
      body: JSON.stringify({ envelope: 1, client: "1.0", events }),
      credentials: "omit",
    });
    if (!response.ok) {
      throw new Refused(response.status, Number(response.headers.get("Retry-After") ?? 0));
    }
    /** @type {BatchAnswer} */
    const answer = await response.json();
    await this.store.keepAnswers(answer.answers);
    await this.store.keepFact("server_seen", answer.server_time);
    this.heard(answer);
  }

  /** @param {unknown} problem */
  async #later(problem) {
    this.failures += 1;
    const asked = problem instanceof Refused ? problem.retryAfter : 0;
    const longest = Math.min(LONGEST_WAIT_S, 2 ** this.failures);
    const wait = Math.max(asked, Math.random() * longest);
    this.tell({
      online: navigator.onLine,
      waiting: (await this.store.waiting(10_000)).length,
      trouble: troubleOf(problem),
      retryInSeconds: Math.ceil(wait),
    });
    this.timer = setTimeout(() => void this.#deliver(), wait * 1000);
  }
}

class Refused extends Error {
  /** @param {number} status @param {number} retryAfter seconds */
  constructor(status, retryAfter) {
    super(`sync refused with ${status}`);
    this.status = status;
    this.retryAfter = Number.isFinite(retryAfter) ? retryAfter : 0;
  }
}

/** @param {unknown} problem @returns {SyncState["trouble"]} */
function troubleOf(problem) {
  if (!(problem instanceof Refused)) {
    return "network";
  }
  return problem.status === 401 || problem.status === 403 ? "device" : "server";
}
