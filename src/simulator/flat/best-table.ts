import { noOverlay, type Overlay, overlay, placeIn } from '../compact/overlay.ts';
import type { Slab } from './slab.ts';

/** Where each router's number stands: one octet, or two (low, high) for a router with many slots; and where these come from. */
export interface BestPlan {
  readonly at: Int32Array;
  readonly room: Slab<Uint8Array>;
}

/** By router: a number that says which path is its best one (`standing.ts`). */
export class BestTable {
  readonly #plan: BestPlan;
  readonly #octets: Uint8Array;
  readonly #over: Overlay;

  /** `octets`: as `put` has written them, and not to be written again. */
  constructor(plan: BestPlan, octets: Uint8Array, over: Overlay = noOverlay) {
    this.#plan = plan;
    this.#octets = octets;
    this.#over = over;
  }

  at(node: number): number {
    const changed = placeIn(this.#over, node);
    return (changed < 0 ? get(this.#plan, this.#octets, node) : this.#over.values[changed]) ?? 0;
  }

  /** The table with what these routers have now; `room`: for another one, where too many differ for a list of them. */
  with(nodes: readonly number[], numberAt: (node: number) => number, room: Slab<Uint8Array>): BestTable {
    const plan = this.#plan;
    const over = overlay(this.#over, nodes, numberAt, (node) => this.at(node), plan.at.length);
    if (over === this.#over) return this;
    if (over) return new BestTable(plan, this.#octets, over);
    const octets = room.take();
    octets.set(this.#octets);
    this.#over.places.forEach((node, i) => {
      put(plan, octets, node, this.#over.values[i] ?? 0);
    });
    for (const node of nodes) put(plan, octets, node, numberAt(node));
    return new BestTable(plan, octets);
  }
}

function isWide({ at }: BestPlan, node: number): boolean {
  return (at[node + 1] ?? 0) - (at[node] ?? 0) === 2;
}

function get(plan: BestPlan, octets: Uint8Array, node: number): number {
  const at = plan.at[node] ?? 0;
  return (octets[at] ?? 0) + (isWide(plan, node) ? (octets[at + 1] ?? 0) * 256 : 0);
}

export function put(plan: BestPlan, octets: Uint8Array, node: number, number: number): void {
  const at = plan.at[node] ?? 0;
  octets[at] = number;
  if (isWide(plan, node)) octets[at + 1] = number >>> 8;
}
