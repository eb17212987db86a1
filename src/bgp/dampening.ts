// RFC 2439 as FRR 8.4.4 and Quagga do it (bgp_damp.c). Penalties are whole numbers, seconds too; what they come to hangs on when they were last looked at.

/** `bgp dampening` of a family; times in seconds. */
export interface Dampening {
  readonly halfLife: number;
  readonly reuse: number;
  readonly suppress: number;
  readonly longest: number;
}

/** What the daemon has built in. */
export interface DampeningHabit {
  /** Penalties: of a withdrawal, of other attributes. */
  readonly withdrawal: number;
  readonly change: number;
  /** Seconds: penalties fall in steps of these, suppressed paths are looked at every so many. */
  readonly decaysEvery: number;
  readonly looksEvery: number;
  /** Lists of paths that wait for one look, at most; entries of the table that finds the list. */
  readonly lists: number;
  readonly entries: number;
}

/** What is known of the flaps of one path. */
export interface Flaps {
  readonly penalty: number;
  /** When it was last worked out. */
  readonly since: number;
  readonly suppressed: boolean;
  /** The last thing that was heard: the path is gone, and kept for its history. */
  readonly withdrawn: boolean;
  /** The look, counted from the start, at which a suppressed path is next thought about. */
  readonly look: number;
}

/** Dampening at one router: time counts from when it was switched on. */
export class Damper {
  readonly #config: Dampening;
  readonly #habit: DampeningHabit;
  readonly #ceiling: number;
  readonly #decay: readonly number[];
  readonly #lists: number;
  readonly #scale: number;

  constructor(config: Dampening, habit: DampeningHabit) {
    this.#config = config;
    this.#habit = habit;
    const { halfLife, reuse, longest } = config;
    this.#ceiling = Math.trunc(reuse * 2 ** (longest / halfLife));
    const step = Math.exp((habit.decaysEvery / halfLife) * Math.log(0.5));
    const steps = Math.ceil(longest / habit.decaysEvery);
    const decay = [1];
    for (let i = 1; i < steps; i++) decay.push((decay[i - 1] ?? 0) * step);
    this.#decay = decay;
    this.#lists = Math.min(Math.ceil(longest / habit.looksEvery) + 1, habit.lists);
    const ratio = Math.min(this.#ceiling / reuse, Math.exp(longest / halfLife) * Math.log10(2));
    this.#scale = habit.entries / (ratio - 1);
  }

  /** A withdrawal, or (`isChange`) other attributes. */
  flapped(before: Flaps | null, now: number, isChange: boolean): Flaps {
    const cost = isChange ? this.#habit.change : this.#habit.withdrawal;
    const penalty = before ? Math.min(this.#decayed(before, now) + cost, this.#ceiling) : cost;
    const suppressed = before?.suppressed === true || penalty >= this.#config.suppress;
    const waits = before?.suppressed === true && penalty === before.penalty;
    const look = suppressed && !waits ? this.#lookFor(penalty, this.#looksUntil(now)) : (before?.look ?? 0);
    return { penalty, since: now, suppressed, withdrawn: true, look };
  }

  /** An announcement; `kept` null: the flaps are forgotten. */
  announced(before: Flaps, now: number): { readonly kept: Flaps | null; readonly suppressed: boolean } {
    const { reuse, suppress } = this.#config;
    const penalty = this.#decayed(before, now);
    const suppressed = penalty >= (before.suppressed ? reuse : suppress);
    if (penalty <= reuse / 2) return { kept: null, suppressed };
    const since = now;
    return {
      kept: { ...before, penalty, since, withdrawn: false, suppressed: before.suppressed && suppressed },
      suppressed,
    };
  }

  /** The looks up to now; the same object: there were none. Null: forgotten. */
  looked(before: Flaps, now: number): Flaps | null {
    let flaps = before;
    for (;;) {
      if (!flaps.suppressed || flaps.look > this.#looksUntil(now)) return flaps;
      const at = flaps.look * this.#habit.looksEvery;
      const penalty = this.#decayed(flaps, at);
      const { reuse } = this.#config;
      if (penalty <= reuse / 2) return null;
      const suppressed = penalty >= reuse;
      const look = suppressed ? this.#lookFor(penalty, flaps.look) : flaps.look;
      flaps = { ...flaps, penalty, since: at, suppressed, look };
    }
  }

  /** When a suppressed path will be free again, if nothing more is heard of it. */
  freeAt(flaps: Flaps): number {
    let ahead = flaps;
    for (;;) {
      const at = ahead.look * this.#habit.looksEvery;
      const then = this.looked(ahead, at);
      if (!then?.suppressed) return at;
      ahead = then;
    }
  }

  #looksUntil(now: number): number {
    return Math.floor(now / this.#habit.looksEvery);
  }

  #decayed({ penalty, since }: Flaps, now: number): number {
    const steps = Math.floor((Math.floor(now) - Math.floor(since)) / this.#habit.decaysEvery);
    return steps === 0 ? penalty : Math.trunc(penalty * (this.#decay[steps] ?? 0));
  }

  /** The look at which a path of this penalty is thought about again: about when it is to be free (RFC 2439 4.8.6). */
  #lookFor(penalty: number, done: number): number {
    const entry = Math.trunc((penalty / this.#config.reuse - 1) * this.#scale);
    const last = this.#habit.entries - 1;
    const lists = this.#list(entry < 0 || entry > last ? last : entry) - this.#list(0);
    return done + (lists % this.#lists) + 1;
  }

  #list(entry: number): number {
    const share = 1 / (this.#config.reuse * (1 + entry / this.#scale));
    const halves = ((this.#config.halfLife / this.#habit.looksEvery) * Math.log10(share)) / Math.log10(0.5);
    return Math.trunc(halves);
  }
}
