import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabHost } from '../wiring.ts';
import { editBird, hastyBird } from './edit-bird.ts';
import { editFrr, hastyFrr } from './edit-frr.ts';
import { editGobgp, hastyGobgp } from './edit-gobgp.ts';
import { type Edited, type Editor, edited, type Lines } from './edits.ts';
import type { Change, DrawnEvent } from './event-text.ts';
import type { Random } from './random.ts';

/** How the files of a daemon change. */
interface Hand {
  /** null: it is left with what it has. */
  readonly edit: Editor | null;
  readonly haste: (random: Random, files: Lines) => Lines;
}

const hands: Readonly<Record<string, Hand>> = {
  frr: { edit: editFrr, haste: hastyFrr },
  bird: { edit: editBird, haste: hastyBird },
  gobgp: { edit: editGobgp, haste: hastyGobgp },
  speaker: { edit: null, haste: hastyFrr },
};

/** Seconds after each, by what has to pass: hold times of 30 s, the pauses before a session is tried again. */
const delays: Readonly<Record<Change['kind'], number>> = {
  start: 32,
  stop: 16,
  kill: 20,
  'link-down': 42,
  'link-up': 32,
  'interface-down': 42,
  'interface-up': 32,
  files: 16,
};

/** Files change most often: there is most to them. */
const kinds: readonly Change['kind'][] = [
  'kill',
  'stop',
  'start',
  'start',
  'link-down',
  'link-up',
  'interface-down',
  'interface-up',
  ...Array.from({ length: 6 }, () => 'files' as const),
];
/** Kinds drawn for one event before there is none. */
const TRIES = 50;
/** Hosts that go on running. */
const LEAST_RUNNING = 2;
/** Seconds between two hosts that load other files one after the other. */
const CLOSE = 3;

/** How often a host that has loaded other files goes back to its first ones. */
const BACK = 0.25;

/** What has happened to a fabric so far, and what may happen next. */
export class Course {
  readonly told: string[] = [];
  readonly #random: Random;
  readonly #folder: string;
  readonly #hosts: readonly LabHost[];
  readonly #files: Map<string, Lines>;
  readonly #first: ReadonlyMap<string, Lines>;
  readonly #running: Set<string>;
  readonly #downLinks = new Set<string>();
  readonly #downInterfaces = new Set<Extract<Change, { readonly kind: 'interface-down' }>>();
  #loads = 0;

  constructor(random: Random, folder: string, hosts: readonly LabHost[]) {
    this.#random = random;
    this.#folder = folder;
    this.#hosts = hosts;
    this.#running = new Set(hosts.map(({ name }) => name));
    this.#first = new Map(hosts.map((host) => [host.name, this.#hasty(host)]));
    this.#files = new Map(this.#first);
  }

  draw(count: number): readonly DrawnEvent[] {
    const events: DrawnEvent[] = [];
    for (let phase = 1; phase <= count; phase++) {
      const change = this.#next();
      if (change === null) break;
      const close = change.kind === 'files' && this.#random.chance(0.2) ? this.#loaded(change.host) : null;
      if (close !== null) events.push({ change: close, delay: CLOSE, record: null });
      events.push({ change, delay: delays[change.kind], record: `p${phase}-${change.kind}` });
    }
    return events;
  }

  #next(): Change | null {
    for (let tries = 0; tries < TRIES; tries++) {
      const change = this.#possible(this.#random.pick(kinds));
      if (change !== null) return change;
    }
    return null;
  }

  #possible(kind: Change['kind']): Change | null {
    switch (kind) {
      case 'kill':
      case 'stop':
        return this.#ended(kind);
      case 'start':
        return this.#started();
      case 'link-down':
      case 'link-up':
        return this.#link(kind);
      case 'interface-down':
      case 'interface-up':
        return this.#interface(kind);
      case 'files':
        return this.#loaded(null);
    }
  }

  #ended(kind: 'kill' | 'stop'): Change | null {
    if (this.#running.size <= LEAST_RUNNING) return null;
    const host = this.#random.pick([...this.#running]);
    this.#running.delete(host);
    return { kind, hosts: [host] };
  }

  #started(): Change | null {
    const down = this.#hosts.map(({ name }) => name).filter((name) => !this.#running.has(name));
    if (down.length === 0) return null;
    const host = this.#random.pick(down);
    this.#running.add(host);
    return { kind: 'start', hosts: [host] };
  }

  #link(kind: 'link-down' | 'link-up'): Change | null {
    const all = new Set(
      this.#hosts.flatMap(({ interfaces }) => interfaces.flatMap(({ link }) => link ?? [])),
    );
    const links = [...all].filter((link) => this.#downLinks.has(link) === (kind === 'link-up'));
    // One link stays.
    if (links.length === 0 || (kind === 'link-down' && links.length === 1)) return null;
    const link = this.#random.pick(links);
    if (kind === 'link-down') this.#downLinks.add(link);
    else this.#downLinks.delete(link);
    return { kind, link };
  }

  #interface(kind: 'interface-down' | 'interface-up'): Change | null {
    if (kind === 'interface-up') {
      if (this.#downInterfaces.size === 0) return null;
      const down = this.#random.pick([...this.#downInterfaces]);
      this.#downInterfaces.delete(down);
      return { ...down, kind };
    }
    const { name: host, interfaces } = this.#random.pick(this.#hosts);
    const names = interfaces.filter(({ link }) => link !== null).map(({ name }) => name);
    const isDown = (name: string) =>
      [...this.#downInterfaces].some((one) => one.host === host && one.interface === name);
    const up = names.filter((name) => !isDown(name));
    if (up.length === 0) return null;
    const down = { kind, host, interface: this.#random.pick(up) } as const;
    this.#downInterfaces.add(down);
    return down;
  }

  /** Another host than `but` loads other files. */
  #loaded(but: string | null): Change | null {
    const able = this.#hosts.filter(
      ({ name, daemon }) => name !== but && this.#running.has(name) && hands[daemon]?.edit,
    );
    if (able.length === 0) return null;
    const { name: host, daemon } = this.#random.pick(able);
    const made = this.#changed(host, hands[daemon]?.edit ?? null);
    if (made === null) return null;
    const from = `f${++this.#loads}`;
    this.#files.set(host, made.files);
    write(join(this.#folder, from), made.files);
    this.told.push(`${from}: ${host} (${daemon})`, ...made.told.map((line) => `  ${line}`));
    return { kind: 'files', host, from };
  }

  #changed(host: string, editor: Editor | null): Edited | null {
    const now = this.#files.get(host) ?? {};
    const first = this.#first.get(host) ?? now;
    if (now !== first && this.#random.chance(BACK)) return { files: first, told: ['as at first'] };
    return editor ? edited(this.#random, now, editor) : null;
  }

  /** The files of a host with other timers. */
  #hasty({ name, daemon, files }: LabHost): Lines {
    const lines = Object.fromEntries([...files].map(([file, text]) => [file, text.split('\n')]));
    const hasty = hands[daemon]?.haste(this.#random, lines) ?? lines;
    write(join(this.#folder, 'configs', name), hasty);
    return hasty;
  }
}

function write(folder: string, files: Lines): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(folder, name), lines.join('\n'));
}
