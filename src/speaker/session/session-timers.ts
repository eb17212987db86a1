import type { Environment, Timer } from '../environment.ts';

export type TimerName = 'connect-retry' | 'hold' | 'keepalive' | 'idle-hold' | 'send-hold';

/** The timers of one session (RFC 4271 8, RFC 9687), each running once at most. */
export class SessionTimers {
  readonly #environment: Environment;
  readonly #timers = new Map<TimerName, Timer>();
  #lastHeard = 0;
  #holdRuns = false;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  runs(name: TimerName): boolean {
    return this.#timers.has(name);
  }

  arm(name: TimerName, seconds: number, over: () => void): void {
    this.stop(name);
    this.#timers.set(name, this.#environment.after(seconds * 1000, over));
  }

  stop(name: TimerName): void {
    if (name === 'hold') this.#holdRuns = false;
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }

  stopAll(): void {
    for (const name of [...this.#timers.keys()]) this.stop(name);
  }

  /** Something was heard. One timer for the whole session: it looks when that was last instead of being set anew for each message; 0 seconds: none runs. */
  heard(seconds: number, over: () => void): void {
    this.#lastHeard = this.#environment.now();
    if (this.#holdRuns) return;
    this.stop('hold');
    if (seconds === 0) return;
    this.#holdRuns = true;
    this.#watchHold(seconds * 1000, seconds * 1000, over);
  }

  #watchHold(hold: number, wait: number, over: () => void): void {
    const timer = this.#environment.after(wait, () => {
      const left = this.#lastHeard + hold - this.#environment.now();
      if (left > 0) {
        this.#watchHold(hold, left, over);
        return;
      }
      this.#holdRuns = false;
      over();
    });
    this.#timers.set('hold', timer);
  }
}
