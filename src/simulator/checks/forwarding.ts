import type { Diagnostic, Severity } from '../../base/diagnostic.ts';
import { type Address, addressOf, contains } from '../../base/ip.ts';
import type { RuleId } from '../../base/rule-ids.ts';
import { type Destination, destinationOf, stepAt } from '../destination.ts';
import type { Intent } from '../network.ts';
import type { PrefixState, SimulationState } from '../state.ts';
import { prefixStateOf } from './announced.ts';
import { nameOf, someNames } from './names.ts';

/**
 * From every router that uses BGP routes, traffic for each intended prefix arrives at one that announces it: all ECMP branches,
 * no circle, no black hole. One walk over the nodes per prefix.
 */
export function checkForwarding(state: SimulationState, intents: readonly Intent[]): readonly Diagnostic[] {
  const sources = state.routers.flatMap((router, node) => (router?.config.installsRoutes ? [node] : []));
  const seen = new Set<string>();
  return intents.flatMap((intent) => {
    const kept = prefixStateOf(state, intent);
    const node = state.wiring.indexOf.get(intent.host);
    if (!kept || node === undefined || !kept.origins.has(node) || seen.has(intent.prefix.text)) return [];
    seen.add(intent.prefix.text);
    const fates = fatesTowards(destinationOf(state, representative(state, kept, node)), kept);
    // What may be kept out of tables need not be reachable; on its way it must not be lost or go round all the same.
    const failed = [...failures(sources, fates)].filter(([kind]) => intent.certain || kind !== 'unreachable');
    return failed.map(([kind, nodes]) => finding(state, intent, kind, nodes, fates));
  });
}

/** An address of the prefix that somebody who announces it has, else the first usable one. */
function representative(state: SimulationState, { prefix }: PrefixState, node: number): Address {
  for (const { addresses } of state.wiring.nodes[node]?.interfaces ?? []) {
    for (const { address } of addresses) if (contains(prefix, address)) return address;
  }
  const usable = prefix.length >= (prefix.family === 4 ? 31 : 127) ? prefix.value : prefix.value + 1n;
  return addressOf(prefix.family, usable);
}

/** What happens to traffic from a node, and on which node it happens. */
interface Fate {
  readonly kind: 'arrives' | 'loop' | 'black-hole' | 'unreachable';
  readonly at: number;
  readonly why: string;
}

/** The fate of every node asked for, each worked out once. */
function fatesTowards(destination: Destination, kept: PrefixState): (node: number) => Fate {
  const known = new Map<number, Fate>();
  const onTheWay = new Set<number>();
  const fate = (node: number): Fate => {
    const found = known.get(node);
    if (found) return found;
    if (onTheWay.has(node)) return { kind: 'loop', at: node, why: 'traffic comes back' };
    onTheWay.add(node);
    const worked = workOut(destination, kept, node, fate);
    onTheWay.delete(node);
    known.set(node, worked);
    return worked;
  };
  return fate;
}

function workOut(
  destination: Destination,
  kept: PrefixState,
  node: number,
  fate: (node: number) => Fate,
): Fate {
  const step = stepAt(destination, node);
  if (step.kind === 'delivered') return { kind: 'arrives', at: node, why: '' };
  if (step.kind === 'lost') {
    // An announcer without a route of its own (an aggregate, a service not yet up) is where its prefix ends.
    if (kept.origins.has(node)) return { kind: 'arrives', at: node, why: '' };
    return { kind: 'unreachable', at: node, why: step.why };
  }
  let arrived: Fate | null = null;
  for (const { hop, node: next } of step.to) {
    if (next === null) {
      if (hop.gateway === null || kept.origins.has(node)) continue;
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

function failures(
  sources: readonly number[],
  fate: (node: number) => Fate,
): ReadonlyMap<Fate['kind'], readonly number[]> {
  const failed = new Map<Fate['kind'], number[]>();
  for (const node of sources) {
    const { kind } = fate(node);
    if (kind !== 'arrives') failed.set(kind, [...(failed.get(kind) ?? []), node]);
  }
  return failed;
}

const rules: Readonly<Record<Fate['kind'], RuleId>> = {
  arrives: 'internal',
  loop: 'forwarding-loop',
  'black-hole': 'black-hole',
  unreachable: 'unreachable',
};

const severity: Severity = 'error';

function finding(
  state: SimulationState,
  { host, prefix, why, source }: Intent,
  kind: Fate['kind'],
  nodes: readonly number[],
  fate: (node: number) => Fate,
): Diagnostic {
  const first = fate(nodes[0] ?? 0);
  const place = `${nameOf(state, first.at)}: ${first.why}`;
  const words = {
    arrives: '',
    loop: `goes in a circle (at ${nameOf(state, first.at)})`,
    'black-hole': `is lost on the way (${place})`,
    unreachable: `has nowhere to go (${place})`,
  }[kind];
  return {
    rule: rules[kind],
    severity,
    message: `traffic from ${someNames(state, nodes)} to ${prefix.text} of ${host} (${why}) ${words}`,
    ranges: [source],
    host,
    found: prefix.text,
    fix: 'look at the prefix on each host of the way with fabricgen simulate --limit: a session, a policy or a next hop stops it',
  };
}
