import { type Address, contains, type InterfaceAddress, isLinkLocal } from '../../base/ip.ts';
import { kernelPolicyOf } from '../../bgp/config.ts';
import type { Policy } from '../../bgp/policy/types.ts';
import { routerAt } from '../engine/engine.ts';
import { kernelVerdict } from '../kernel/fib.ts';
import type { Hop } from '../kernel/kernel-table.ts';
import { firstAddress, type WiredInterface } from '../kernel/wiring.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { SimulationState } from '../state.ts';
import { type Destination, type MatchedRoute, routeAt } from './destination.ts';

/** Which address a host gives its own packets on one way out, and what made it so; `address` null: it has none to give. */
export interface ChosenSource {
  readonly address: Address | null;
  readonly why: string;
}

/**
 * The source of packets that the node itself sends towards a destination, as Linux chooses it where a program does not: the one
 * the route names, else one of the outgoing interface, else one of lo (`inet_select_addr`, `ipv6_dev_get_saddr`; tried in
 * namespaces). One for each way out; empty where there is none.
 */
export function sourceAddresses(destination: Destination, node: number): readonly ChosenSource[] {
  const { state, address } = destination;
  if (destination.owners.has(node)) return [{ address, why: 'its own address' }];
  const route = routeAt(destination, node);
  if (!route) return [];
  const named = namedByRoute(state, destination, node, route);
  if (named) return [named];
  const chosen = route.hops.map((hop) => ofInterface(state, node, hop, address));
  return [...new Map(chosen.map((one) => [one.address?.text, one])).values()];
}

/** `src` of a kernel route, and FRR's `set src` for what BGP installs. */
function namedByRoute(
  state: SimulationState,
  { family }: Destination,
  node: number,
  { prefix, protocol }: MatchedRoute,
): ChosenSource | null {
  if (protocol !== 'bgp') {
    const address = state.tables[node]?.routes.get(prefix.text)?.preferredSource;
    return address ? { address, why: `src of the route ${prefix.text}` } : null;
  }
  const kept = family.byText.get(prefix.text);
  const config = state.routers[node]?.config;
  if (!kept || !config || !kernelPolicyOf(config, prefix.family)) return null;
  holdPrefix(state, family, kept);
  const best = family.engine.best[node];
  const verdict = best ? kernelVerdict(routerAt(family.engine.topology, node), best, prefix) : null;
  const set = verdict?.verdict === 'accept' ? setBy(verdict.reason?.statement?.actions) : null;
  return set && { address: set, why: `set src in route-map ${verdict?.reason?.policy.name}` };
}

function setBy(actions: Policy['statements'][number]['actions'] = []): Address | null {
  for (const action of actions) if (action.kind === 'source-address') return action.value;
  return null;
}

/**
 * IPv4: the address in the network of the gateway, else the first. IPv6 (RFC 6724 rule 8): the one that agrees with the destination
 * over most bits of its network; of several Linux takes the one added last.
 */
function bestAddress(out: WiredInterface, gateway: Address, towards: Address): InterfaceAddress | null {
  if (towards.family === 4)
    return out.addresses.find(({ network }) => contains(network, gateway)) ?? firstAddress(out, 4);
  const shared = ({ address, length }: InterfaceAddress) =>
    Math.min(length, 128 - (address.value ^ towards.value).toString(2).replace(/^0$/, '').length);
  const own = out.addresses.filter(({ address }) => address.family === 6 && !isLinkLocal(address));
  return own.toReversed().sort((a, b) => shared(b) - shared(a))[0] ?? null;
}

/** The address of the outgoing interface that a packet gets, also where it is masqueraded. */
export function ofInterface(state: SimulationState, node: number, hop: Hop, towards: Address): ChosenSource {
  const interfaces = state.wiring.nodes[node]?.interfaces ?? [];
  const out = interfaces.find(({ name }) => name === hop.interface);
  const own = out ? bestAddress(out, hop.gateway ?? towards, towards) : null;
  if (own) return { address: own.address, why: hop.interface };
  for (const other of [...interfaces.filter(({ name }) => name === 'lo'), ...interfaces]) {
    const spare = firstAddress(other, towards.family);
    if (spare) return { address: spare.address, why: `${other.name}, as ${hop.interface} has none` };
  }
  return { address: null, why: `no interface has an IPv${towards.family} address` };
}
