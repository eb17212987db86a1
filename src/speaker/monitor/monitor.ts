import type { Environment } from '../environment.ts';
import type { Neighbor } from '../neighbor/neighbor.ts';
import type { SpeakerNote } from '../speaker.ts';
import { FewerWords } from './fewer-words.ts';
import { type LogRecord, logRecord } from './log.ts';

/** A log record with its number, as the API hands events on. */
export interface SpeakerEvent extends LogRecord {
  readonly id: number;
  /** Milliseconds since the speaker's clock began. */
  readonly at: number;
}

/** How many events are kept for those who come later. */
const MOST_KEPT = 1000;

/** Listens to the speaker: counts what goes wrong by kind, keeps the last events, and hands them to whoever follows. */
export class Monitor {
  /** Kind of fault → how often: `notification_sent 6/2`, `treat-as-withdraw 3/1`, `refused`. */
  readonly faults = new Map<string, number>();
  readonly #events: SpeakerEvent[] = [];
  readonly #followers = new Set<(event: SpeakerEvent) => void>();
  readonly #environment: Environment;
  readonly #log: (record: LogRecord) => void;
  readonly #words = new FewerWords<Neighbor>();
  #next = 1;

  constructor(environment: Environment, log: (record: LogRecord) => void) {
    this.#environment = environment;
    this.#log = log;
  }

  note(neighbor: Neighbor | null, note: SpeakerNote): void {
    const kind = faultKind(note);
    if (kind !== null) this.count(kind);
    const record = logRecord(neighbor, note);
    this.publish(note.kind === 'fault' && neighbor ? this.#fewer(neighbor, record) : record);
  }

  #fewer(neighbor: Neighbor, record: LogRecord): LogRecord {
    const unsaid = this.#words.says(neighbor, this.#environment.now());
    if (unsaid === null) return { ...record, level: 'debug' };
    return unsaid === 0 ? record : { ...record, message: `${record.message}; ${unsaid} more before it` };
  }

  /** Counts a fault of this kind. */
  count(kind: string): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  publish(record: LogRecord): void {
    const event = { ...record, id: this.#next++, at: this.#environment.now() };
    this.#events.push(event);
    if (this.#events.length > MOST_KEPT) this.#events.shift();
    this.#log(record);
    for (const follower of this.#followers) follower(event);
  }

  /** The events kept with a larger number. */
  since(id: number): readonly SpeakerEvent[] {
    return this.#events.filter((event) => event.id > id);
  }

  /** Is told of every event from now on, until the answer is called. */
  follow(follower: (event: SpeakerEvent) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}

function faultKind(note: SpeakerNote): string | null {
  switch (note.kind) {
    case 'sent':
    case 'received':
      return `notification_${note.kind} ${note.notification.code}/${note.notification.subcode}`;
    case 'fault':
      return `${note.fault.outcome} ${note.fault.code}/${note.fault.subcode}`;
    case 'refused':
      return 'call_refused';
    default:
      return null;
  }
}
