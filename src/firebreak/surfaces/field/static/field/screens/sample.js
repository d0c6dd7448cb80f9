/**
 * The sampling page: a tube, ten people, seal. Hardware scanner, camera and typing are the same to it.
 *
 * Says only what is true: an event is "on this phone" when the store has it, "uploaded" and "counted" when the
 * server has answered so.
 */
import { meaningOf } from "../codes.js";
import { tokenOfThisPhone } from "../enrolment.js";
import { Outbox } from "../outbox.js";
import { Store } from "../store.js";
import { Sync } from "../sync.js";
import { startCamera } from "./camera.js";

/** @import { Answer, BatchAnswer, PageFacts, SyncState, TubeInHand } from "../types.js" */

class SamplePage {
  /**
   * @param {PageFacts} facts
   * @param {Store} store
   * @param {Outbox} outbox
   */
  constructor(facts, store, outbox) {
    this.facts = facts;
    this.store = store;
    this.outbox = outbox;
    /** @type {TubeInHand | null} */
    this.tube = null;
    /** @type {Sync | null} */
    this.sync = null;
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
  }

  /** @param {string} zh @param {string} en */
  say(zh, en) {
    return this.facts.language === "zh" ? zh : en;
  }

  async begin() {
    this.tube = (await this.store.fact("tube")) ?? null;
    this.#show();
    await this.#count();
  }

  /**
   * One thing after the other: a scanner is faster than a disk, and an answer may come in between.
   * @param {() => Promise<void>} act
   */
  inTurn(act) {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
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
      this.#tell("bad", this.say("没认出这个码", "Code not recognised"), this.say(
        "什么都没记。再扫一次,或输入身份证号、“楼栋/门牌/后四位”。",
        "Nothing was recorded. Scan again, or type an id number or 'building/door/last four'."));
    }
    await this.#count();
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
    await this.#count();
  }

  /** @param {string} code */
  async #openTube(code) {
    if (this.tube?.code === code) {
      this.#tell("warn", this.say("就是手上这管", "This tube is already in hand"), code);
      return;
    }
    if (this.tube && this.tube.people.length > 0) {
      this.#tell("bad", this.say("手上这管还没封", "The tube in hand is not sealed"), this.say(
        `先封 ${this.tube.code},再扫新管。已登记的都在。`, `Seal ${this.tube.code} first. Everything registered is kept.`));
      return;
    }
    const tube = { code, pool: this.facts.pool, people: [] };
    await this.outbox.put("tube.opened", { tube: code, round: this.facts.round, site: this.facts.site }, () => ({ tube }));
    this.tube = tube;
    this.#tell("good", this.say("新管", "New tube"), code);
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
    const entry = { scan: "", shown: this.say(`第 ${number} 人`, `Person ${number}`), detail: this.say("已存本机", "On this phone"), ok: true };
    const after = { ...before, people: [...before.people, entry] };
    await this.outbox.put("scan", { tube: before.code, round: this.facts.round, ...body }, (event) => {
      entry.scan = event.id;
      return { tube: after };
    });
    this.tube = after;
    this.#tell("good", entry.shown, entry.detail);
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
    await this.outbox.put("tube.sealed", { tube: tube.code, round: this.facts.round }, () => ({ tube: null, done: tube }));
    this.tube = null;
    this.#tell("good", this.say(`已封管 ${tube.code}`, `Sealed ${tube.code}`), this.say(
      `${tube.people.length} 人。扫下一支管。`, `${tube.people.length} people. Scan the next tube.`));
    this.#after();
  }

  async #void() {
    const tube = this.tube;
    if (!tube) {
      return;
    }
    await this.outbox.put("tube.voided", { tube: tube.code, round: this.facts.round, reason: "spoiled" }, () => ({ tube: null }));
    this.tube = null;
    this.#tell("warn", this.say(`已作废 ${tube.code}`, `Voided ${tube.code}`), this.say(
      `管内 ${tube.people.length} 人要重采。扫新管。`, `Its ${tube.people.length} people must be sampled again. Scan a new tube.`));
    this.#after();
  }

  async #undo() {
    const tube = this.tube;
    const last = tube?.people.at(-1);
    if (!tube || !last) {
      this.#tell("warn", this.say("没有可撤的人", "Nobody to take back"), "");
      return;
    }
    const rest = { ...tube, people: tube.people.slice(0, -1) };
    await this.outbox.put("scan.undone", { scan: last.scan, round: this.facts.round, reason: "wrong_person" }, () => ({ tube: rest }));
    this.tube = rest;
    this.#tell("warn", this.say(`已撤 ${last.shown}`, `Taken back: ${last.shown}`), this.say("历史里仍可查到。", "The history keeps it."));
    this.#after();
  }

  #needTube() {
    this.#tell("bad", this.say("先扫管", "Scan a tube first"), this.say("还没有人被登记。", "Nobody was registered."));
  }

  /** @param {BatchAnswer} batch */
  async heard(batch) {
    for (const answer of batch.answers) {
      await this.#hear(answer);
    }
    this.#show();
    await this.#count();
  }

  /** @param {Answer} answer */
  async #hear(answer) {
    const entry = this.tube?.people.find((person) => person.scan === answer.id);
    const words = this.facts.language === "zh" ? answer.zh : answer.en;
    if (answer.status === "quarantined") {
      this.#tell("bad", words || answer.code, this.say("已存服务器,有人会查。", "Kept on the server; somebody will look at it."));
    }
    if (!entry) {
      return;
    }
    entry.ok = answer.status !== "quarantined";
    if (!entry.ok) {
      entry.detail = this.say("待查", "Set aside");
    }
    if (answer.note?.name) {
      entry.shown = answer.note.name;
      entry.detail = [agesOf(answer, this.facts.language), answer.note.building, answer.note.door].filter(Boolean).join(" · ");
      const tone = answer.note.counted === false ? "warn" : "good";
      this.#tell(answer.status === "quarantined" ? "bad" : tone, entry.shown, words || entry.detail);
    }
    await this.store.keepFact("tube", this.tube);
  }

  /** @param {SyncState} state */
  delivery(state) {
    const line = element("network");
    line.hidden = state.trouble === "none";
    line.textContent = {
      none: "",
      network: this.say(
        `没有网络。${state.waiting} 条待上传,已存本机,继续扫。`,
        `No network. ${state.waiting} wait for upload, saved on this phone. Keep scanning.`),
      server: this.say(
        `服务器正忙,${state.waiting} 条已存本机,约 ${state.retryInSeconds} 秒后再传。继续扫。`,
        `Server busy. ${state.waiting} saved on this phone, next try in about ${state.retryInSeconds} s. Keep scanning.`),
      device: this.say(
        `这台设备没有登记或已停用。${state.waiting} 条已存本机。请找采样点长重新登记。`,
        `This device is not enrolled or was revoked. ${state.waiting} saved on this phone. Ask the site lead to enrol it.`),
    }[state.trouble];
  }

  #after() {
    this.#show();
    this.sync?.poke();
  }

  #show() {
    const tube = this.tube;
    const pool = tube?.pool ?? this.facts.pool;
    element("tube").textContent = tube?.code ?? this.say("请扫管", "Scan a tube");
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

  async #count() {
    const counters = await this.store.counters();
    element("count-saved").textContent = String(counters.saved);
    element("count-uploaded").textContent = String(counters.uploaded);
    element("count-counted").textContent = String(counters.counted);
    const aside = element("set-aside");
    aside.hidden = counters.setAside === 0;
    aside.textContent = this.say(`待查 ${counters.setAside}`, `${counters.setAside} set aside`);
  }

  /** @param {"good" | "warn" | "bad"} tone @param {string} title @param {string} detail */
  #tell(tone, title, detail) {
    const box = element("outcome");
    box.dataset.tone = tone;
    element("outcome-mark").textContent = {
      good: this.say("✓ 已登记", "✓ Registered"), warn: this.say("! 注意", "! Note"), bad: this.say("✕ 没有登记", "✕ Not registered"),
    }[tone];
    element("outcome-title").textContent = title;
    element("outcome-detail").textContent = detail;
    beep(tone);
    if (tone === "bad") {
      navigator.vibrate?.(200);
    }
  }
}

/** @param {Answer} answer @param {"zh" | "en"} language */
function agesOf(answer, language) {
  const age = answer.note?.age;
  return age === null || age === undefined ? "" : language === "zh" ? `${age} 岁` : `age ${age}`;
}

/** High and short for good, two for a note, low and long for bad. @param {"good" | "warn" | "bad"} tone */
function beep(tone) {
  const audio = beep.context ?? (beep.context = new AudioContext());
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  gain.gain.value = 0.08;
  oscillator.frequency.value = { good: 1320, warn: 880, bad: 220 }[tone];
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start();
  oscillator.stop(audio.currentTime + { good: 0.08, warn: 0.16, bad: 0.4 }[tone]);
}
/** @type {AudioContext | undefined} */
beep.context = undefined;

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

async function main() {
  /** @type {PageFacts} */
  const facts = JSON.parse(element("facts").textContent ?? "{}");
  const token = tokenOfThisPhone();
  if (!token || !window.isSecureContext) {
    element(window.isSecureContext ? "needs-device" : "needs-tls").hidden = false;
    return;
  }
  const store = await Store.open(`firebreak-${token.slice(0, 12)}`);
  const page = new SamplePage(facts, store, new Outbox(store, ""));
  page.sync = new Sync(store, token, (state) => page.delivery(state), (answer) => void page.inTurn(() => page.heard(answer)));
  wire(page);
  element("line").hidden = false;
  await page.begin();
  page.sync.poke();
}

/** @param {SamplePage} page */
function wire(page) {
  const form = /** @type {HTMLFormElement} */ (element("typed"));
  const field = /** @type {HTMLInputElement} */ (element("code"));
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    const raw = field.value;
    field.value = "";
    field.focus();
    if (raw.trim()) {
      void page.inTurn(() => page.take(raw));
    }
  });
  for (const button of document.querySelectorAll("button[data-command]")) {
    button.addEventListener("click", () => {
      const command = /** @type {"seal" | "undo" | "void"} */ (/** @type {HTMLElement} */ (button).dataset.command);
      void page.inTurn(() => page.command(command));
      field.focus();
    });
  }
  element("camera").addEventListener("click", () => {
    void startCamera(/** @type {HTMLVideoElement} */ (element("viewer")), (text) => void page.inTurn(() => page.take(text)));
  });
  addEventListener("online", () => page.sync?.poke());
  field.focus();
}

void main();
