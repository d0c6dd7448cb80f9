/**
 * The sampling page: a tube, ten people, seal. Hardware scanner, camera and typing are the same to it.
 *
 * Says only what is true: an event is "on this phone" when the store has it, "uploaded" and "counted" when the
 * server has answered so.
 */
import { meaningOf } from "../codes.js";
import { element, Line } from "./line.js";

/** @import { Answer, BatchAnswer, PageFacts, TubeInHand } from "../types.js" */

class SamplePage {
  /**
   * @param {PageFacts} facts
   * @param {Line} line
   */
  constructor(facts, line) {
    this.facts = facts;
    this.line = line;
    /** @type {TubeInHand | null} */
    this.tube = null;
  }

  async begin() {
    this.tube = (await this.line.store.fact("tube")) ?? null;
    this.#show();
    await this.line.count();
  }

  /** @param {string} raw */
  async take(raw) {
    const meaning = meaningOf(raw);
    if (meaning.kind === "tube") {
      await this.#openTube(meaning.code);
    } else if (meaning.kind === "person") {
      await this.#addPerson(meaning.body);
    } else if (meaning.kind === "command") {
      await this.command(meaning.command);
      return;
    } else {
      this.line.tell("bad", this.line.say("没认出这个码", "Code not recognised"), this.line.say(
        "什么都没记。再扫一次,或输入身份证号、“楼栋/门牌/后四位”。",
        "Nothing was recorded. Scan again, or type an id number or 'building/door/last four'."));
    }
    await this.line.count();
  }

  /** @param {"seal" | "undo" | "void"} command */
  async command(command) {
    if (!this.tube) {
      this.#needTube();
    } else if (command === "seal") {
      await this.#seal();
    } else if (command === "void") {
      await this.#void();
    } else {
      await this.#undo();
    }
    await this.line.count();
  }

  /** @param {string} code */
  async #openTube(code) {
    if (this.tube?.code === code) {
      this.line.tell("warn", this.line.say("就是手上这管", "This tube is already in hand"), code);
      return;
    }
    if (this.tube && this.tube.people.length > 0) {
      this.line.tell("bad", this.line.say("手上这管还没封", "The tube in hand is not sealed"), this.line.say(
        `先封 ${this.tube.code},再扫新管。已登记的都在。`, `Seal ${this.tube.code} first. Everything registered is kept.`));
      return;
    }
    const tube = { code, pool: this.facts.pool, people: [] };
    await this.line.outbox.put("tube.opened", { tube: code, round: this.facts.round, site: this.facts.site }, () => ({ tube }));
    this.tube = tube;
    this.line.tell("good", this.line.say("新管", "New tube"), code);
    this.#after();
  }

  /** @param {Record<string, unknown>} body */
  async #addPerson(body) {
    if (!this.tube) {
      this.#needTube();
      return;
    }
    const before = this.tube;
    const number = before.people.length + 1;
    const entry = { scan: "", shown: this.line.say(`第 ${number} 人`, `Person ${number}`), detail: this.line.say("已存本机", "On this phone"), ok: true };
    const after = { ...before, people: [...before.people, entry] };
    await this.line.outbox.put("scan", { tube: before.code, round: this.facts.round, ...body }, (event) => {
      entry.scan = event.id;
      return { tube: after };
    });
    this.tube = after;
    this.line.tell("good", entry.shown, entry.detail);
    this.#after();
    if (this.tube.people.length >= this.tube.pool) {
      await this.#seal();
    }
  }

  async #seal() {
    const tube = this.tube;
    if (!tube) {
      return;
    }
    await this.line.outbox.put("tube.sealed", { tube: tube.code, round: this.facts.round }, () => ({ tube: null, done: tube }));
    this.tube = null;
    this.line.tell("good", this.line.say(`已封管 ${tube.code}`, `Sealed ${tube.code}`), this.line.say(
      `${tube.people.length} 人。扫下一支管。`, `${tube.people.length} people. Scan the next tube.`));
    this.#after();
  }

  async #void() {
    const tube = this.tube;
    if (!tube) {
      return;
    }
    await this.line.outbox.put("tube.voided", { tube: tube.code, round: this.facts.round, reason: "spoiled" }, () => ({ tube: null }));
    this.tube = null;
    this.line.tell("warn", this.line.say(`已作废 ${tube.code}`, `Voided ${tube.code}`), this.line.say(
      `管内 ${tube.people.length} 人要重采。扫新管。`, `Its ${tube.people.length} people must be sampled again. Scan a new tube.`));
    this.#after();
  }

  async #undo() {
    const tube = this.tube;
    const last = tube?.people.at(-1);
    if (!tube || !last) {
      this.line.tell("warn", this.line.say("没有可撤的人", "Nobody to take back"), "");
      return;
    }
    const rest = { ...tube, people: tube.people.slice(0, -1) };
    await this.line.outbox.put("scan.undone", { scan: last.scan, round: this.facts.round, reason: "wrong_person" }, () => ({ tube: rest }));
    this.tube = rest;
    this.line.tell("warn", this.line.say(`已撤 ${last.shown}`, `Taken back: ${last.shown}`), this.line.say("历史里仍可查到。", "The history keeps it."));
    this.#after();
  }

  #needTube() {
    this.line.tell("bad", this.line.say("先扫管", "Scan a tube first"), this.line.say("还没有人被登记。", "Nobody was registered."));
  }

  /** @param {BatchAnswer} batch */
  async heard(batch) {
    for (const answer of batch.answers) {
      await this.#hear(answer);
    }
    this.#show();
    await this.line.count();
  }

  /** @param {Answer} answer */
  async #hear(answer) {
    const entry = this.tube?.people.find((person) => person.scan === answer.id);
    const words = this.facts.language === "zh" ? answer.zh : answer.en;
    if (answer.status === "quarantined") {
      this.line.tell("bad", words || answer.code, this.line.say("已存服务器,有人会查。", "Kept on the server; somebody will look at it."));
    }
    if (!entry) {
      return;
    }
    entry.ok = answer.status !== "quarantined";
    if (!entry.ok) {
      entry.detail = this.line.say("待查", "Set aside");
    }
    if (answer.note?.name) {
      entry.shown = answer.note.name;
      entry.detail = [agesOf(answer, this.facts.language), answer.note.building, answer.note.door].filter(Boolean).join(" · ");
      const tone = answer.note.counted === false ? "warn" : "good";
      this.line.tell(answer.status === "quarantined" ? "bad" : tone, entry.shown, words || entry.detail);
    }
    await this.line.store.keepFact("tube", this.tube);
  }

  #after() {
    this.#show();
    this.line.sync?.poke();
  }

  #show() {
    const tube = this.tube;
    const pool = tube?.pool ?? this.facts.pool;
    element("tube").textContent = tube?.code ?? this.line.say("请扫管", "Scan a tube");
    element("fill").textContent = tube ? `${tube.people.length} / ${pool}` : "";
    const dots = element("dots");
    dots.replaceChildren(...Array.from({ length: pool }, (_, place) => {
      const dot = document.createElement("i");
      const person = tube?.people[place];
      dot.className = person ? (person.ok ? "full" : "bad") : "";
      return dot;
    }));
    const rows = [...(tube?.people ?? [])].map((person, place) => ({ ...person, place: place + 1 })).reverse();
    element("people").replaceChildren(...rows.map((person) => {
      const row = document.createElement("li");
      const who = document.createElement("span");
      who.textContent = `${person.place} ${person.shown}`;
      const where = document.createElement("span");
      where.textContent = person.detail;
      row.append(who, where);
      return row;
    }));
  }
}

/** @param {Answer} answer @param {"zh" | "en"} language */
function agesOf(answer, language) {
  const age = answer.note?.age;
  return age === null || age === undefined ? "" : language === "zh" ? `${age} 岁` : `age ${age}`;
}

async function main() {
  /** @type {PageFacts} */
  const facts = JSON.parse(element("facts").textContent ?? "{}");
  const opened = await Line.open(facts.language);
  if (opened) {
    const page = new SamplePage(facts, opened.line);
    opened.line.wire((raw) => page.take(raw), (command) => page.command(/** @type {"seal" | "undo" | "void"} */ (command)));
    await page.begin();
    opened.line.deliver(opened.token, (answer) => page.heard(answer));
  }
}

void main();
