/** What the field modules share. Types only; nothing of this file is served. */

/** One captured event as the sync entrance takes it. */
export interface CapturedEvent {
  id: string;
  seq: number;
  prev: string;
  type: string;
  at: string;
  boot: string;
  mono_ms: number;
  server_seen: string | null;
  actor: string;
  body: Record<string, unknown>;
}

/** `saved` on this phone, `uploaded` (committed by the server), `counted` (in the ledger), `set-aside` (quarantined). */
export type Progress = "saved" | "uploaded" | "counted" | "set-aside";

/** A row of the store. */
export interface StoredEvent {
  seq: number;
  event: CapturedEvent;
  progress: Progress;
  answer: Answer | null;
}

/** What the server says of one event. */
export interface Answer {
  id: string;
  status: "accepted" | "duplicate" | "quarantined";
  code: string;
  zh: string;
  en: string;
  note: Note;
}

/** What the screen shows of an accepted scan. */
export interface Note {
  counted?: boolean;
  name?: string;
  age?: number | null;
  building?: string;
  door?: string;
  members?: number;
  pool_size?: number;
  sealed?: boolean;
}

/** The answer to a batch. */
export interface BatchAnswer {
  server_time: string;
  answers: Answer[];
  gaps: { first: number; last: number }[];
  expected_seq: number;
}

/** The three honest counters and what was set aside. */
export interface Counters {
  saved: number;
  uploaded: number;
  counted: number;
  setAside: number;
}

/** The tube in hand, kept so that a reload returns to it. */
export interface TubeInHand {
  code: string;
  pool: number;
  people: { scan: string; shown: string; detail: string; ok: boolean }[];
}

/** What the page was told by the server. */
export interface PageFacts {
  round: string;
  roundNumber: number;
  site: string;
  siteName: string;
  pool: number;
  language: "zh" | "en";
}

/** Why a batch could not be delivered. */
export interface SyncState {
  online: boolean;
  waiting: number;
  trouble: "none" | "network" | "server" | "device";
  retryInSeconds: number;
}
