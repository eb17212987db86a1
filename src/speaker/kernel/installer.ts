import type { Prefix } from '../../base/ip.ts';
import type { LogRecord } from '../monitor/log.ts';
import type { Speaker } from '../speaker.ts';
import type { Tables } from '../tables/tables.ts';
import type { BatchFailure, KernelMark, StandingRoute } from './ip-route.ts';
import { batchLine } from './ip-route.ts';
import { inOrder, type KernelOperation, planRoute, wayOf } from './plan.ts';
import { wantedHops } from './wanted.ts';

/** The kernel's table as the installer needs it. */
export interface KernelTable {
  /** Every route of the protocol in the main table. */
  standing(): Promise<readonly StandingRoute[]>;
  /** Carries out the lines in their order; those that were not taken. */
  apply(lines: readonly string[]): Promise<readonly BatchFailure[]>;
}

/** Who is told of what went wrong: a `Monitor`. */
export interface KernelWatcher {
  count(kind: string): void;
  publish(record: LogRecord): void;
}

/** How many destinations one batch has: what changes meanwhile waits once per destination. */
const BATCH = 4096;

/**
 * Keeps the kernel's routes of one protocol as the tables of a speaker want them: one batch at a time, each destination at its latest state. Nothing but routes of the
 * protocol is ever removed or replaced.
 */
export class KernelInstaller {
  readonly #speaker: Speaker;
  readonly #kernel: KernelTable;
  readonly #mark: KernelMark;
  readonly #watcher: KernelWatcher;
  /** By prefix: the way that stands in the kernel, or is about to. */
  readonly #standing = new Map<string, string>();
  /** Being deleted: gone from `#standing` and perhaps still in the kernel. */
  readonly #leaving = new Set<string>();
  readonly #waiting = new Map<string, readonly [tables: Tables, prefix: Prefix]>();
  /** Standing routes that no table has spoken about yet: of an earlier run, and what somebody put there. */
  readonly #strangers = new Set<string>();
  /** Of an earlier run with another metric. */
  readonly #stale: StandingRoute[] = [];
  /** By prefix: what was logged last, so that a failure is logged once. */
  readonly #failed = new Map<string, string>();
  #work: Promise<void> = Promise.resolve();
  #busy = false;
  #again = false;
  /** A batch or a reading came to nothing: what the kernel has is not known until it was read again. */
  #unsure = false;
  /** What was logged last of that. */
  #trouble = '';
  #ended = false;

  constructor(speaker: Speaker, kernel: KernelTable, mark: KernelMark, watcher: KernelWatcher) {
    this.#speaker = speaker;
    this.#kernel = kernel;
    this.#mark = mark;
    this.#watcher = watcher;
    for (const tables of speaker.tables.values())
      tables.watchDecisions((place) => this.#changed(tables, tables.table.index.prefixAt(place)));
  }

  /** Routes of ours in the kernel. */
  get size(): number {
    return this.#standing.size;
  }

  /** Is this route of the kernel's table one of ours? Asked of every route when the host is looked at. */
  owns(prefix: string, metric: number): boolean {
    return metric === this.#mark.metric && (this.#standing.has(prefix) || this.#leaving.has(prefix));
  }

  /** Takes over what an earlier run left: it goes at once, or, in a graceful restart, once the peers have said theirs. */
  start(leftovers: readonly StandingRoute[]): void {
    this.#take(leftovers);
    this.#run();
  }

  /** The host has changed, or routes of ours are gone: everything is held against the kernel. */
  recheck(): void {
    this.#again = true;
    this.#run();
  }

  /**
   * The kernel's table was read and has so many lines of ours: are routes missing, because somebody or the kernel itself took them away? An IPv6 route has a line for
   * each next hop. Not asked while a batch is under way. Where a batch came to nothing they count as missing.
   */
  isMissing(lines: number): boolean {
    if (this.#busy) return false;
    if (this.#unsure) return true;
    let expected = 0;
    for (const [prefix, way] of this.#standing)
      expected += prefix.includes(':') ? Math.max(1, way.split('nexthop').length - 1) : 1;
    return lines < expected;
  }

  /** Nothing goes into the kernel any more; `keep`: what is there stays. */
  async end(keep: boolean): Promise<void> {
    this.#ended = true;
    this.#waiting.clear();
    await this.#work;
    if (keep) return;
    try {
      if (this.#unsure) this.#take(await this.#kernel.standing());
      await this.#apply([...this.#standing.keys()].map((prefix) => ({ kind: 'delete', prefix })));
    } catch (error) {
      this.#cannot(error);
    }
  }

  #changed(tables: Tables, prefix: Prefix): void {
    if (this.#ended) return;
    this.#waiting.set(prefix.text, [tables, prefix]);
    this.#run();
  }

  #run(): void {
    if (this.#busy || this.#ended) return;
    this.#busy = true;
    this.#work = this.#all();
  }

  #cannot(error: unknown): void {
    this.#unsure = true;
    this.#watcher.count('kernel_table');
    const words = `the kernel's routes: ${String(error)}`;
    if (words !== this.#trouble) this.#say(words);
    this.#trouble = words;
  }

  async #all(): Promise<void> {
    // What comes in with one message of a peer makes one batch.
    await Promise.resolve();
    try {
      while (!this.#ended && (this.#again || this.#waiting.size > 0 || this.#mayClean())) {
        if (this.#again) await this.#readAgain();
        if (!this.#speaker.defers) await this.#removeStale();
        await this.#apply(this.#next());
      }
      this.#trouble = '';
    } catch (error) {
      this.#cannot(error);
    }
    // In the same breath as the last look: what comes in from here on begins a run of its own.
    this.#busy = false;
  }

  #mayClean(): boolean {
    return this.#strangers.size + this.#stale.length > 0 && !this.#speaker.defers;
  }

  async #readAgain(): Promise<void> {
    this.#again = false;
    this.#take(await this.#kernel.standing());
    this.#unsure = false;
    for (const tables of this.#speaker.tables.values()) {
      const { index } = tables.table;
      for (let place = 0; place < index.size; place++) {
        if (tables.table.bestPath(place) === 0) continue;
        const prefix = index.prefixAt(place);
        this.#waiting.set(prefix.text, [tables, prefix]);
      }
    }
  }

  #take(routes: readonly StandingRoute[]): void {
    this.#standing.clear();
    this.#leaving.clear();
    this.#strangers.clear();
    this.#stale.length = 0;
    for (const route of routes) {
      const { prefix, way, metric } = route;
      // With another metric it can only be of a run with other options.
      if (metric !== this.#mark.metric) this.#stale.push(route);
      else {
        this.#standing.set(prefix, way);
        this.#strangers.add(prefix);
      }
    }
  }

  async #removeStale(): Promise<void> {
    const lines = this.#stale
      .splice(0)
      .map(({ prefix, metric }) => batchLine({ kind: 'delete', prefix }, { ...this.#mark, metric }));
    if (lines.length > 0) await this.#kernel.apply(lines);
  }

  /** The next operations; the destinations looked at no longer wait. */
  #next(): readonly KernelOperation[] {
    const operations: KernelOperation[] = [];
    let looked = 0;
    for (const [text, [tables, prefix]] of this.#waiting) {
      if (++looked > BATCH) break;
      this.#waiting.delete(text);
      const way = this.#wanted(tables, prefix);
      // A restarted speaker leaves what it has in place until its peers have said theirs (RFC 4724 4.1).
      if (way === '' && this.#strangers.has(text) && this.#speaker.defers) continue;
      this.#strangers.delete(text);
      const operation = planRoute(text, this.#standing.get(text), way);
      if (operation) operations.push(operation);
      else this.#failed.delete(text);
    }
    if (this.#waiting.size > 0 || !this.#mayClean()) return inOrder(operations);
    for (const prefix of this.#strangers) operations.push({ kind: 'delete', prefix });
    this.#strangers.clear();
    return inOrder(operations);
  }

  #wanted(tables: Tables, prefix: Prefix): string {
    const place = tables.table.index.find(prefix);
    const { host, nextHops } = this.#speaker;
    return place < 0 ? '' : wayOf(wantedHops(tables, place, host, nextHops));
  }

  async #apply(operations: readonly KernelOperation[]): Promise<void> {
    if (operations.length === 0) return;
    const before = operations.map(({ prefix }) => this.#standing.get(prefix));
    for (const operation of operations) {
      if (operation.kind !== 'delete') this.#standing.set(operation.prefix, operation.way);
      else if (this.#standing.delete(operation.prefix)) this.#leaving.add(operation.prefix);
    }
    const lines = operations.map((operation) => batchLine(operation, this.#mark));
    // Where this fails `#leaving` stays: a route that is still there must not pass for one of the host's.
    const failures = await this.#kernel.apply(lines);
    const failed = new Set(failures.map(({ line }) => line));
    operations.forEach(({ prefix }, line) => {
      if (!failed.has(line)) this.#failed.delete(prefix);
    });
    for (const { line, words } of failures) this.#fail(operations[line], before[line], words);
    this.#leaving.clear();
  }

  #fail(operation: KernelOperation | undefined, before: string | undefined, words: string): void {
    // The kernel takes a route away by itself when its link goes down.
    if (!operation || (operation.kind === 'delete' && words === GONE)) return;
    const { prefix, kind } = operation;
    this.#watcher.count('kernel_route');
    if (before === undefined) this.#standing.delete(prefix);
    else this.#standing.set(prefix, before);
    if (this.#failed.get(prefix) === words) return;
    this.#failed.set(prefix, words);
    this.#say(`${prefix} is not in the kernel as it should be (${kind}): ${words}`);
  }

  /** Are there destinations that the kernel refused? */
  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  #say(message: string): void {
    this.#watcher.publish({ level: 'error', event: 'kernel', message, fields: {} });
  }
}

const GONE = 'No such process';
