import type { Diagnostic } from '../../../base/diagnostic.ts';

/**
 * Lines of lists and route-maps that follow each other FRR takes together, reading its integrated file: with one that does not pass
 * its validation all of them are dropped (nb_cli_classic_commit). Any other line of bgpd in between ends a transaction, `exit` too.
 */
export class Transactions {
  #lines: number[] = [];
  #spoilt: Diagnostic[] = [];
  /** Numbers of lines that are dropped. */
  readonly dropped = new Set<number>();
  readonly diagnostics: Diagnostic[] = [];

  take(line: number): void {
    this.#lines.push(line);
  }

  /** The line taken last is the one that does not pass. */
  spoil(why: Diagnostic): void {
    this.#spoilt.push(why);
  }

  end(): void {
    if (this.#spoilt.length > 0) {
      for (const line of this.#lines) this.dropped.add(line);
      const [first = 0, last = first] = [this.#lines[0], this.#lines.at(-1)];
      const all = first === last ? '' : `, and FRR drops lines ${first} to ${last} with it`;
      for (const why of this.#spoilt) this.diagnostics.push({ ...why, message: `${why.message}${all}` });
    }
    this.#lines = [];
    this.#spoilt = [];
  }
}
