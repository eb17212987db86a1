import { refusal } from '../../bgp/import.ts';
import { type Engine, routerAt } from '../engine/engine.ts';

/**
 * How FRR counts for `maximum-prefix N force` (bgp_filtered_routes_count): it looks when a prefix has passed its policies, and adds to those
 * it has taken before all it has by then from the first one on, in the order of its table, that its policies refuse. Loops are left out
 * here, and the prefixes of other neighbors with soft reconfiguration, which it counts too.
 */
export class ForcedCount {
  /** What came, in the order of the table: does it pass? */
  readonly #passes: boolean[] = [];

  /** The prefix that the engine holds, the next one of the table. */
  add(engine: Engine, slot: number): void {
    const wire = engine.paths[engine.received[slot] ?? 0];
    const peer = engine.topology.peers.at(slot);
    if (engine.received[slot] === 0 || !wire || !peer) return;
    const taken = engine.inList[slot] === 1;
    const router = routerAt(engine.topology, engine.topology.owner[slot] ?? 0);
    if (taken || refusal(router, peer, wire) === null) this.#passes.push(taken);
  }

  /** The most it finds. In an UPDATE the first prefix stands first, the others follow from behind. */
  get most(): number {
    const passes = this.#passes;
    const { length } = passes;
    const first = passes[0] === true;
    let taken = first ? 1 : 0;
    let [refused, most] = [length, 0];
    for (let at = length - 1; at > 0; at--) {
      if (passes[at]) {
        const counted = first ? length - refused : length - at + 1;
        most = Math.max(most, taken + counted);
        taken++;
      } else refused = at;
    }
    return most;
  }
}
