import { importPath } from '../../bgp/import.ts';
import { chainNeeds } from '../../bgp/policy/analyse.ts';
import { Answers } from '../shelf/answers.ts';
import type { TableFacts } from './table-facts.ts';

/** Phase 1 of RFC 4271 section 9, by the numbers of paths. */
export class Imports {
  readonly #facts: TableFacts;
  /** By path as received and by peer, where the policy does not look at the destination. */
  readonly #answers = new Answers();
  // The last of them once more: the destinations of an UPDATE come one after another.
  #lastWire = 0;
  #lastNumber = 0;
  #lastAnswer = 0;

  constructor(facts: TableFacts) {
    this.#facts = facts;
  }

  forget(): void {
    this.#answers.clear();
    this.#lastWire = 0;
  }

  /** The path as accepted from a peer; 0: refused. */
  imported(number: number, place: number, wire: number): number {
    if (wire === this.#lastWire && number === this.#lastNumber) return this.#lastAnswer;
    const { router, shelf } = this.#facts;
    const peer = this.#facts.peerAt(number);
    if (!peer) return 0;
    const byPrefix = chainNeeds(peer.options.importPolicy, router.context.notes).prefix;
    let answer = byPrefix ? -1 : this.#answers.get(wire, number);
    if (answer < 0) {
      const received = shelf.path(wire);
      const { path } = importPath(router, peer, this.#facts.prefixAt(place), received);
      answer = path === received ? wire : path === null ? 0 : shelf.keep(path);
    }
    if (byPrefix) return answer;
    this.#answers.set(wire, number, answer);
    this.#lastWire = wire;
    this.#lastNumber = number;
    this.#lastAnswer = answer;
    return answer;
  }
}
