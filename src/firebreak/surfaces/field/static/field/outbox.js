/**
 * Makes events: gives each its id, number, link to the one before and both clocks, and puts it into the store.
 *
 * Never sends anything.
 */

/** @import { CapturedEvent } from "./types.js" */
/** @import { Store } from "./store.js" */

export class Outbox {
  /**
   * @param {Store} store
   * @param {string} actor account ref, or empty for the device's own account
   */
  constructor(store, actor) {
    this.store = store;
    this.actor = actor;
    this.boot = crypto.randomUUID();
    /** @type {Promise<unknown>} */
    this.tail = Promise.resolve();
  }

  /**
   * Make one event and keep it; resolves when it is on disk. Events are made strictly one after the other.
   * @param {string} type
   * @param {Record<string, unknown>} body
   * @param {(event: CapturedEvent) => Record<string, unknown>} facts what a reload must find again, kept in the same
   *   transaction
   * @returns {Promise<CapturedEvent>}
   */
  put(type, body, facts = () => ({})) {
    const made = this.tail.then(() => this.#make(type, body, facts));
    this.tail = made.catch(() => undefined);
    return made;
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} body
   * @param {(event: CapturedEvent) => Record<string, unknown>} facts
   */
  async #make(type, body, facts) {
    /** @type {{ seq: number, hash: string } | undefined} */
    const last = await this.store.fact("last");
    /** @type {CapturedEvent} */
    const event = {
      id: uuid7(),
      seq: (last?.seq ?? 0) + 1,
      prev: last?.hash ?? "",
      type,
      at: new Date().toISOString(),
      boot: this.boot,
      mono_ms: Math.round(performance.now()),
      server_seen: (await this.store.fact("server_seen")) ?? null,
      actor: this.actor,
      body,
    };
    await this.store.append(event, { ...facts(event), last: { seq: event.seq, hash: await hashOf(event) } });
    return event;
  }
}

/** A time-ordered id (RFC 9562, version 7). */
export function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = BigInt(Date.now());
  for (let place = 0; place < 6; place += 1) {
    bytes[place] = Number((now >> BigInt(8 * (5 - place))) & 0xffn);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * SHA-256 of the event's canonical JSON (keys in order, no spaces), hex: the next event links to it.
 * @param {CapturedEvent} event
 */
export async function hashOf(event) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(event)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {unknown} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
