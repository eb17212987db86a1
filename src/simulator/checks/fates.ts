import { type Address, addressOf, contains, type Prefix } from '../../base/ip.ts';
import { type Destination, destinationOf, stepAt } from '../forwarding/destination.ts';
import type { SimulationState } from '../state.ts';

/** What happens to traffic from a node, and on which node it happens. */
export interface Fate {
  readonly kind: 'arrives' | 'loop' | 'black-hole' | 'unreachable';
  readonly at: number;
  readonly why: string;
}

/** The fate of the traffic of any node towards one address, each worked out once; `ends`: nodes where it may end without a route. */
export function fatesTowards(
  state: SimulationState,
  address: Address,
  ends: ReadonlySet<number> | ReadonlyMap<number, unknown>,
): (node: number) => Fate {
  return fatesIn(destinationOf(state, address), ends);
}

/** The same for a destination that is there already. */
export function fatesIn(
  destination: Destination,
  ends: ReadonlySet<number> | ReadonlyMap<number, unknown>,
): (node: number) => Fate {
  const known = new Map<number, Fate>();
  const onTheWay = new Set<number>();
  const fate = (node: number): Fate => {
    const found = known.get(node);
    if (found) return found;
    if (onTheWay.has(node)) return { kind: 'loop', at: node, why: 'traffic comes back' };
    onTheWay.add(node);
    const worked = workOut(destination, ends, node, fate);
    onTheWay.delete(node);
    known.set(node, worked);
    return worked;
  };
  return fate;
}

function workOut(
  destination: Destination,
  ends: ReadonlySet<number> | ReadonlyMap<number, unknown>,
  node: number,
  fate: (node: number) => Fate,
): Fate {
  const step = stepAt(destination, node);
  if (step.kind === 'delivered') return { kind: 'arrives', at: node, why: '' };
  if (step.kind === 'lost') {
    // An announcer without a route of its own (an aggregate, a service not yet up) is where its prefix ends.
    if (ends.has(node)) return { kind: 'arrives', at: node, why: '' };
    return { kind: 'unreachable', at: node, why: step.why };
  }
  let arrived: Fate | null = null;
  for (const { hop, node: next } of step.to) {
    if (next === null) {
      if (hop.gateway === null || ends.has(node)) continue;
      return { kind: 'black-hole', at: node, why: `${hop.gateway.text} does not answer on ${hop.interface}` };
    }
    const beyond = fate(next);
    if (beyond.kind === 'unreachable') return { ...beyond, kind: 'black-hole' };
    if (beyond.kind !== 'arrives') return beyond;
    arrived = beyond;
  }
  // Onto a segment where nobody of ours has that very address: it has arrived as far as routing goes.
  return arrived ?? { kind: 'arrives', at: node, why: '' };
}

/** An address of the prefix that the node has, else the first usable one. */
export function representative(state: SimulationState, prefix: Prefix, node: number): Address {
  for (const { addresses } of state.wiring.nodes[node]?.interfaces ?? []) {
    for (const { address } of addresses) if (contains(prefix, address)) return address;
  }
  const usable = prefix.length >= (prefix.family === 4 ? 31 : 127) ? prefix.value : prefix.value + 1n;
  return addressOf(prefix.family, usable);
}
