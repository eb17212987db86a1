import type { Environment } from '../environment.ts';

/** How often one address may call, and how many addresses are remembered. */
export const MOST_CALLS = 20;
export const CALL_WINDOW = 60_000;
const MOST_ADDRESSES = 4096;

/** Turns away addresses that call too often: a flood of connections costs a look into a map each. */
export class Doorman {
  readonly #environment: Environment;
  readonly #calls = new Map<string, { readonly since: number; count: number }>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** How often this address called of late, this call counted; beyond `MOST_CALLS` it is too often. */
  calls(address: string): number {
    const now = this.#environment.now();
    const known = this.#calls.get(address);
    if (known && now - known.since < CALL_WINDOW) return ++known.count;
    if (this.#calls.size >= MOST_ADDRESSES) this.#forgetOldest();
    this.#calls.delete(address);
    this.#calls.set(address, { since: now, count: 1 });
    return 1;
  }

  /** A session came up: what was called before is forgiven. */
  welcome(address: string): void {
    this.#calls.delete(address);
  }

  #forgetOldest(): void {
    const oldest = this.#calls.keys().next().value;
    if (oldest !== undefined) this.#calls.delete(oldest);
  }
}
