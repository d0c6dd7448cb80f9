/**
 * Packing and handing over: what is scanned is counted beside what should be there; a card of the receiver ends it.
 *
 * Tubes and then a new bag's label: that packs them. Bags or tubes and then a badge or a counter's card: that hands them over.
 * A card is told true or false on the phone itself, so nothing waits for a network.
 */
import { check, signedFacts } from "../badges.js";
import { meaningOf } from "../codes.js";
import { element, Line } from "./line.js";

/** @import { Known } from "../badges.js" */
/** @import { BatchAnswer } from "../types.js" */
/** @typedef {{ code: string, bag: string, round: string }} Item */
/** @typedef {{ at: string, items: Item[], scanned: string[] }} InHand what this phone holds, and what was scanned of it */
/**
 * @typedef {{ round: string, language: "zh" | "en", asOf: string, held: Item[], badges: Known, counters: Known }} Facts
 */

class HandoverPage {
  /**
   * @param {Facts} facts
   * @param {Line} line
   */
  constructor(facts, line) {
    this.facts = facts;
    this.line = line;
    this.learnedAt = performance.now();
    /** @type {InHand} */
    this.hand = { at: facts.asOf, items: facts.held, scanned: [] };
  }

  async begin() {
    /** @type {InHand | undefined} */
    const kept = await this.line.store.fact("custody");
    const { saved, uploaded } = await this.line.store.counters();
    // What this phone did and the server does not know yet holds; else the server's list is the newer one.
    this.hand = kept && saved > uploaded ? kept : { at: this.facts.asOf, items: this.facts.held, scanned: kept?.scanned ?? [] };
    this.#show();
    await this.line.count();
  }

  /** @param {string} raw */
  async take(raw) {
    const text = raw.trim();
    if (/^FB1:[BL]:/.test(text)) {
      await this.#give(text);
    } else {
      const meaning = meaningOf(text);
      if (meaning.kind === "tube") {
        await this.#scan(meaning.code);
      } else if (meaning.kind === "bag") {
        await this.#bag(meaning.code);
      } else {
        this.line.tell("bad", this.line.say("没认出这个码", "Code not recognised"), this.line.say(
          "什么都没记。请扫管、袋、胸牌或接收码。", "Nothing was recorded. Scan a tube, a bag, a badge or a counter's card."));
      }
    }
    await this.line.count();
  }

  /** @param {string} command */
  async command(command) {
    const scanned = command === "undo" ? this.hand.scanned.slice(0, -1) : [];
    await this.#keep({ ...this.hand, scanned });
    this.line.tell("warn", command === "undo" ? this.line.say("已撤最后一个", "Took back the last one") : this.line.say("重新清点", "Counting anew"), "");
  }

  /** @param {string} code */
  async #scan(code) {
    if (this.hand.scanned.includes(code)) {
      this.line.tell("warn", this.line.say("已经扫过", "Scanned already"), code);
      return;
    }
    await this.#keep({ ...this.hand, scanned: [...this.hand.scanned, code] });
    this.line.tell("good", code, this.line.say(`清点 ${this.#counted()}`, `${this.#counted()} counted`));
  }

  /** @param {string} code */
  async #bag(code) {
    const known = this.hand.items.some((item) => item.bag === code);
    const loose = this.hand.scanned.filter((one) => !this.#isBag(one));
    if (known || loose.length === 0) {
      await this.#scan(code);
      return;
    }
    const round = this.#roundOf(loose[0] ?? "");
    const items = [...this.hand.items.filter((item) => !loose.includes(item.code)), ...loose.map((tube) => ({ code: tube, bag: code, round }))];
    const hand = { at: new Date().toISOString(), items, scanned: [] };
    await this.line.outbox.put("bag.packed", { round, bag: code, tubes: loose }, () => ({ custody: hand }));
    this.hand = hand;
    this.#show();
    this.line.tell("good", this.line.say(`已打包 ${code}`, `Packed ${code}`), this.line.say(`${loose.length} 支`, `${loose.length} tubes`));
    this.line.sync?.poke();
  }

  /** @param {string} card */
  async #give(card) {
    if (this.hand.scanned.length === 0) {
      this.line.tell("bad", this.line.say("先扫袋或管", "Scan bags or tubes first"), this.line.say("没有交接。", "Nothing changed hands."));
      return;
    }
    const taker = await this.#taker(card);
    if (!taker) {
      this.line.tell("bad", this.line.say("这张证无效", "This card is not good"), this.line.say(
        "没有交接,标本仍在您手里。请对方换一张有效的证。", "Nothing changed hands; it is still with you. Ask for a card that is good."));
      return;
    }
    const counted = this.#counted();
    const expected = this.hand.items.length;
    const given = new Set(this.hand.scanned);
    const items = this.hand.items.filter((item) => !given.has(item.code) && !given.has(item.bag));
    const hand = { at: new Date().toISOString(), items, scanned: [] };
    const rounds = [...new Set([...given].map((code) => this.#roundOf(code)))];
    for (const [place, round] of rounds.entries()) {
      const codes = [...given].filter((code) => this.#roundOf(code) === round);
      const last = place === rounds.length - 1;
      await this.line.outbox.put("custody.handed", { round, codes, taker: card, expected }, () => (last ? { custody: hand } : {}));
    }
    this.hand = hand;
    this.#show();
    this.line.tell(items.length ? "warn" : "good", this.line.say(`已交 ${counted} 支给 ${taker}`, `${counted} given to ${taker}`), items.length
      ? this.line.say(`还有 ${items.length} 支在您手里`, `${items.length} are still with you`)
      : this.line.say("您手里没有标本了", "You hold nothing any more"));
    this.line.sync?.poke();
  }

  /** @param {string} card @returns {Promise<string>} who takes, in words; empty when the card is not good */
  async #taker(card) {
    if (card.startsWith("FB1:L:")) {
      const found = await signedFacts(card, "FB1:L:", this.facts.counters.key);
      return Array.isArray(found) ? String(this.line.say(String(found[1]), String(found[2]))) : "";
    }
    const found = await check(card, this.facts.badges, this.#serverNow(), this.facts.language);
    return found.verdict === "good" ? found.badge.name : "";
  }

  /** The server's time, carried on by this page: a phone's clock may be wrong. */
  #serverNow() {
    return new Date(Date.parse(this.facts.asOf) + performance.now() - this.learnedAt);
  }

  /** @param {BatchAnswer} batch */
  async heard(batch) {
    for (const answer of batch.answers) {
      if (answer.status === "quarantined") {
        this.line.tell("bad", this.line.say(answer.zh, answer.en), this.line.say("已存服务器,有人会查。", "Kept on the server; somebody will look at it."));
      }
    }
    await this.line.count();
  }

  /** @param {InHand} hand */
  async #keep(hand) {
    await this.line.store.keepFact("custody", hand);
    this.hand = hand;
    this.#show();
  }

  /** @param {string} code */
  #isBag(code) {
    return this.hand.items.some((item) => item.bag === code) || code.startsWith("BAG-");
  }

  /** @param {string} code */
  #sizeOf(code) {
    const inside = this.hand.items.filter((item) => item.bag === code).length;
    return this.#isBag(code) ? inside : 1;
  }

  /** @param {string} code */
  #roundOf(code) {
    return this.hand.items.find((item) => item.code === code || item.bag === code)?.round ?? this.facts.round;
  }

  #counted() {
    return this.hand.scanned.reduce((sum, code) => sum + this.#sizeOf(code), 0);
  }

  #show() {
    const counted = this.#counted();
    const expected = this.hand.items.length;
    element("counted").textContent = String(counted);
    element("expected").textContent = String(expected);
    const scanned = new Set(this.hand.scanned);
    const lacking = this.hand.items.filter((item) => !scanned.has(item.code) && !scanned.has(item.bag));
    const off = scanned.size > 0 && lacking.length > 0;
    element("counted-box").dataset.tone = scanned.size === 0 ? "" : off ? "warn" : "good";
    const line = element("difference");
    line.hidden = !off;
    const names = [...new Set(lacking.map((item) => item.bag || item.code))].slice(0, 6).join(this.line.say("、", ", "));
    line.textContent = this.line.say(`还差 ${lacking.length} 支:${names}`, `${lacking.length} not scanned yet: ${names}`);
    element("scanned").replaceChildren(...[...this.hand.scanned].reverse().map((code) => {
      const row = document.createElement("li");
      const what = document.createElement("span");
      what.textContent = code;
      const size = document.createElement("span");
      size.textContent = this.#isBag(code) ? this.line.say(`${this.#sizeOf(code)} 支`, `${this.#sizeOf(code)} tubes`) : this.line.say("单支", "one tube");
      row.append(what, size);
      return row;
    }));
  }
}

async function main() {
  /** @type {Facts} */
  const facts = JSON.parse(element("facts").textContent ?? "{}");
  const opened = await Line.open(facts.language);
  if (opened) {
    const page = new HandoverPage(facts, opened.line);
    opened.line.wire((raw) => page.take(raw), (command) => page.command(command));
    await page.begin();
    opened.line.deliver(opened.token, (answer) => page.heard(answer));
  }
}

void main();
