/**
 * What every field page shows alike: the answer in words, colour and sound, the three counters, and the state of delivery.
 *
 * Says only what is true: "on this phone" when the store has it, "uploaded" and "counted" when the server has answered so.
 */
import { download, fileOf } from "../carrying.js";
import { tokenOfThisPhone } from "../enrolment.js";
import { showReadiness } from "../offline.js";
import { Outbox } from "../outbox.js";
import { Store } from "../store.js";
import { Sync } from "../sync.js";
import { startCamera } from "./camera.js";

/** @import { BatchAnswer, SyncState } from "../types.js" */

export class Line {
  /**
   * @param {"zh" | "en"} language
   * @param {Store} store
   * @param {string} token
   */
  constructor(language, store, token) {
    this.language = language;
    this.store = store;
    this.token = token;
    this.outbox = new Outbox(store, "");
    /** @type {Sync | null} */
    this.sync = null;
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
  }

  /**
   * The line of an enrolled phone over a safe connection; else null, and the page says what to do.
   * @param {"zh" | "en"} language
   */
  static async open(language) {
    const token = tokenOfThisPhone();
    if (!token || !window.isSecureContext) {
      element(window.isSecureContext ? "needs-device" : "needs-tls").hidden = false;
      return null;
    }
    const store = await Store.open(`firebreak-${token.slice(0, 12)}`);
    return { line: new Line(language, store, token), token };
  }

  /**
   * Begin to deliver; answers reach `heard` one after the other with what is scanned.
   * @param {string} token
   * @param {(answer: BatchAnswer) => Promise<void>} heard
   */
  deliver(token, heard) {
    this.sync = new Sync(this.store, token, (state) => this.delivery(state), (answer) => void this.inTurn(() => heard(answer)));
    addEventListener("online", () => this.sync?.poke());
    this.sync.poke();
  }

  /**
   * What is scanned, typed or seen by the camera, and the buttons of the page.
   * @param {(raw: string) => Promise<void>} take
   * @param {(command: string) => Promise<void>} command
   */
  wire(take, command) {
    const form = /** @type {HTMLFormElement} */ (element("typed"));
    const field = /** @type {HTMLInputElement} */ (element("code"));
    form.addEventListener("submit", (submitted) => {
      submitted.preventDefault();
      const raw = field.value;
      field.value = "";
      field.focus();
      if (raw.trim()) {
        void this.inTurn(() => take(raw));
      }
    });
    for (const button of document.querySelectorAll("button[data-command]")) {
      button.addEventListener("click", () => {
        void this.inTurn(() => command(/** @type {HTMLElement} */ (button).dataset.command ?? ""));
        field.focus();
      });
    }
    element("export").addEventListener("click", () => void this.inTurn(() => this.#export()));
    element("camera").addEventListener("click", () => {
      void startCamera(/** @type {HTMLVideoElement} */ (element("viewer")), (text) => void this.inTurn(() => take(text)));
    });
    element("line").hidden = false;
    field.focus();
    void showReadiness((zh, en) => this.say(zh, en));
  }

  /** @param {string} zh @param {string} en */
  say(zh, en) {
    return this.language === "zh" ? zh : en;
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

  async #export() {
    const events = await this.store.waiting(100_000);
    download(await fileOf(events, this.token), `outbox-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`);
    this.tell("warn", this.say("已导出文件", "Exported a file"), this.say(
      `${events.length} 条。带到指挥部“设备”页导入;手机上的记录还在。`,
      `${events.length} events. Take it to a desk, page Devices; the records stay on the phone.`));
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

  async count() {
    const counters = await this.store.counters();
    element("count-saved").textContent = String(counters.saved);
    element("count-uploaded").textContent = String(counters.uploaded);
    element("count-counted").textContent = String(counters.counted);
    const aside = element("set-aside");
    aside.hidden = counters.setAside === 0;
    aside.textContent = this.say(`待查 ${counters.setAside}`, `${counters.setAside} set aside`);
    const waiting = counters.saved - counters.uploaded;
    const button = element("export");
    button.hidden = waiting === 0;
    button.textContent = this.say(`导出 ${waiting} 条待上传`, `Export ${waiting} not uploaded`);
  }

  /** @param {"good" | "warn" | "bad"} tone @param {string} title @param {string} detail */
  tell(tone, title, detail) {
    const box = element("outcome");
    box.dataset.tone = tone;
    element("outcome-mark").textContent = {
      good: this.say("✓ 已登记", "✓ Recorded"), warn: this.say("! 注意", "! Note"), bad: this.say("✕ 没有登记", "✕ Not recorded"),
    }[tone];
    element("outcome-title").textContent = title;
    element("outcome-detail").textContent = detail;
    beep(tone);
    if (tone === "bad") {
      navigator.vibrate?.(200);
    }
  }
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
export function element(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}
