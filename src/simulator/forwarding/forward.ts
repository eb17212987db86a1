import type { Address } from '../../base/ip.ts';
import type { SimulationState } from '../state.ts';
import { type Destination, destinationOf, type RouteProtocol, stepAt } from './destination.ts';

/** One host on the way, and how the packet left it. */
export interface TraceHop {
  readonly host: string;
  /** The route that matched; empty on the last host. */
  readonly prefix: string;
  /** Who put that route there; empty on the last host. */
  readonly protocol: RouteProtocol | '';
  readonly interface: string;
  /** The next hop's address; empty on the last host and on unnumbered links. */
  readonly gateway: string;
}

export type TraceEnd = 'delivered' | 'loop' | 'black-hole' | 'unreachable';

/** One way from the source to an end; ECMP gives several. */
export interface TraceBranch {
  readonly hops: readonly TraceHop[];
  readonly end: TraceEnd;
  /** Why it ended so, naming the host. */
  readonly why: string;
}

/** More branches than this are cut; `complete` then says so. */
const MAX_BRANCHES = 256;

/** Every way a packet from the host to the address may take. An unknown host has none. */
export function forward(
  state: SimulationState,
  from: string,
  to: Address,
): { readonly branches: readonly TraceBranch[]; readonly complete: boolean } {
  const start = state.wiring.indexOf.get(from);
  if (start === undefined) return { branches: [], complete: true };
  const destination = destinationOf(state, to);
  const branches: TraceBranch[] = [];
  follow(destination, start, [], [], branches);
  return { branches: branches.slice(0, MAX_BRANCHES), complete: branches.length <= MAX_BRANCHES };
}

function follow(
  destination: Destination,
  node: number,
  path: readonly number[],
  hops: readonly TraceHop[],
  branches: TraceBranch[],
): void {
  if (branches.length > MAX_BRANCHES) return;
  const host = destination.state.network.nodes[node]?.name ?? '';
  const here: TraceHop = { host, prefix: '', protocol: '', interface: '', gateway: '' };
  const end = (kind: TraceEnd, why: string) => branches.push({ hops: [...hops, here], end: kind, why });
  if (path.includes(node)) {
    end('loop', `${host} has seen the packet before`);
    return;
  }
  const step = stepAt(destination, node);
  if (step.kind === 'delivered') {
    const on = step.interface === '' ? '' : ` on ${step.interface}`;
    end('delivered', `${host}: ${step.why}${on}`);
  } else if (step.kind === 'lost')
    end(path.length === 0 ? 'unreachable' : 'black-hole', `${host}: ${step.why}`);
  else {
    for (const { hop, node: next } of step.to) {
      const gateway = hop.gateway?.text ?? '';
      const left: TraceHop = {
        ...here,
        prefix: step.prefix,
        protocol: step.protocol,
        interface: hop.interface,
        gateway,
      };
      const asked = hop.gateway?.text ?? destination.address.text;
      if (next !== null) follow(destination, next, [...path, node], [...hops, left], branches);
      else {
        const why = `${asked} does not answer on ${host} ${hop.interface}`;
        branches.push({ hops: [...hops, left], end: 'black-hole', why });
      }
    }
  }
}
