/**
 * The phone's own book: captured events in IndexedDB, append-only, and the few facts a reload must find again.
 *
 * Never talks to the network and never decides anything.
 */
import { openDB } from "../vendor/idb-8.0.4/index.js";

/** @import { Answer, CapturedEvent, Counters, Progress, StoredEvent } from "./types.js" */

const EVENTS = "events";
const FACTS = "facts";

export class Store {
  /** @param {import("../vendor/idb-8.0.4/index.js").IDBPDatabase} database */
  constructor(database) {
    this.database = database;
  }

  /** @param {string} name database name; one per device enrolment */
  static async open(name) {
    const database = await openDB(name, 1, {
      upgrade(fresh) {
        const events = fresh.createObjectStore(EVENTS, { keyPath: "seq" });
        events.createIndex("progress", "progress");
        events.createIndex("id", "event.id", { unique: true });
        fresh.createObjectStore(FACTS);
      },
    });
    return new Store(database);
  }

  /**
   * Append an event and what the screen must find again, in one strict transaction: when this resolves the
   * event is on the phone's disk.
   * @param {CapturedEvent} event
   * @param {Record<string, unknown>} facts
   */
  async append(event, facts = {}) {
    const change = this.database.transaction([EVENTS, FACTS], "readwrite", { durability: "strict" });
    /** @type {StoredEvent} */
    const row = { seq: event.seq, event, progress: "saved", answer: null };
    await change.objectStore(EVENTS).add(row);
    for (const [key, value] of Object.entries(facts)) {
      await change.objectStore(FACTS).put(value, key);
    }
    await change.done;
  }

  /**
   * The oldest events the server has not answered for.
   * @param {number} limit
   * @returns {Promise<CapturedEvent[]>}
   */
  async waiting(limit) {
    /** @type {StoredEvent[]} */
    const rows = await this.database.getAllFromIndex(EVENTS, "progress", "saved", limit);
    return rows.sort((a, b) => a.seq - b.seq).map((row) => row.event);
  }

  /** @param {Answer[]} answers */
  async keepAnswers(answers) {
    const change = this.database.transaction(EVENTS, "readwrite", { durability: "strict" });
    for (const answer of answers) {
      /** @type {StoredEvent | undefined} */
      const row = await change.store.index("id").get(answer.id);
      if (row) {
        await change.store.put({ ...row, progress: progressOf(answer), answer });
      }
    }
    await change.done;
  }

  /** @returns {Promise<Counters>} counts of events; `saved` is all, `uploaded` all answered, `counted` in the ledger */
  async counters() {
    const read = this.database.transaction(EVENTS);
    const count = (/** @type {Progress} */ progress) => read.store.index("progress").count(progress);
    const [saved, uploaded, counted, setAside] = await Promise.all([
      count("saved"), count("uploaded"), count("counted"), count("set-aside"),
    ]);
    return {
      saved: saved + uploaded + counted + setAside,
      uploaded: uploaded + counted + setAside,
      counted,
      setAside,
    };
  }

  /** @param {string} key */
  async fact(key) {
    return this.database.get(FACTS, key);
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  async keepFact(key, value) {
    await this.database.put(FACTS, value, key);
  }
}

/** @param {Answer} answer @returns {Progress} */
export function progressOf(answer) {
  if (answer.status === "quarantined") {
    return "set-aside";
  }
  return answer.note?.counted === false ? "uploaded" : "counted";
}
