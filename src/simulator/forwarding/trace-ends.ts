import type { Address } from '../../base/ip.ts';
import type { SimulationState } from '../state.ts';
import { destinationOf, routeAt } from './destination.ts';

/** The node that sends packets from an address: who has it, or behind whom it lies; null: nobody. */
export function nodeBehind(state: SimulationState, address: Address): number | null {
  const owner = state.wiring.owners.get(address.text)?.[0];
  if (owner) return owner.node;
  const destination = destinationOf(state, address);
  const found = state.wiring.nodes.find(({ index, interfaces }) => {
    const route = routeAt(destination, index);
    const out = interfaces.find(({ name }) => name === route?.hops[0]?.interface);
    return route?.protocol === 'connected' && out?.link === null;
  });
  return found?.index ?? null;
}

/** The address that stands for a host: of lo, else on a segment with `from`, else its first; null: it has none of the family. */
export function addressOfHost(
  state: SimulationState,
  node: number,
  from: number,
  family: 4 | 6,
): Address | null {
  const interfaces = state.wiring.nodes[node]?.interfaces ?? [];
  const shared = new Set(state.wiring.nodes[from]?.interfaces.flatMap(({ link }) => link ?? []));
  const order = [
    ...interfaces.filter(({ name }) => name === 'lo'),
    ...interfaces.filter(({ link }) => link !== null && shared.has(link)),
    ...interfaces.filter(({ link }) => link !== null),
    ...interfaces,
  ];
  for (const { addresses } of order) {
    for (const { address } of addresses)
      if (address.family === family && !isLoopback(address)) return address;
  }
  return null;
}

function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}
