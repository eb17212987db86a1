import type { Diagnostic, Severity } from '../../base/diagnostic.ts';
import type { Address } from '../../base/ip.ts';
import type { RuleId } from '../../base/rule-ids.ts';
import { destinationOf } from '../forwarding/destination.ts';
import type { Intent } from '../kernel/network.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { prefixStateOf } from './announced.ts';
import { createWays, unsureOf, type Ways } from './arrivals.ts';
import { type Fate, fatesTowards, representative } from './fates.ts';
import { nameOf, someNames } from './names.ts';

/**
 * From every router that uses BGP routes, traffic for each intended prefix arrives at one that announces it: all ECMP branches,
 * no circle, no black hole. One walk over the nodes per prefix.
 */
export function checkForwarding(state: SimulationState, intents: readonly Intent[]): readonly Diagnostic[] {
  const sources = state.routers.flatMap((router, node) => (router?.config.installsRoutes ? [node] : []));
  const seen = new Set<string>();
  const ways = new Map<FamilyState, Ways>();
  const waysIn = (family: FamilyState) => {
    const found = ways.get(family) ?? createWays(family, state.tables.length);
    ways.set(family, found);
    return found;
  };
  return intents.flatMap((intent) => {
    const kept = prefixStateOf(state, intent);
    const node = state.wiring.indexOf.get(intent.host);
    if (!kept || node === undefined || !kept.origins.has(node) || seen.has(intent.prefix.text)) return [];
    seen.add(intent.prefix.text);
    const address = representative(state, kept.prefix, node);
    const destination = destinationOf(state, address);
    const unsure = unsureOf(waysIn(destination.family), destination, kept.origins, sources);
    if (unsure.length === 0) return [];
    const fates = fatesTowards(state, address, kept.origins);
    // What may be kept out of tables need not be reachable; on its way it must not be lost or go round all the same.
    const failed = [...failures(unsure, fates)].filter(([kind]) => intent.certain || kind !== 'unreachable');
    if (failed.length === 0) return [];
    const owner = [...kept.origins.keys()].find((origin) => fates(origin).kind !== 'arrives');
    return failed.map(([kind, nodes]) => {
      const said = finding(state, intent, kind, nodes, fates, address);
      return owner === undefined ? said : { ...said, ...passedOn(state, owner, intent, address) };
    });
  });
}

/** An announcer that has neither an address nor a route for what it announces follows its default route: the cause, whoever it hits. */
function passedOn(
  state: SimulationState,
  owner: number,
  { prefix }: Intent,
  address: Address,
): Pick<Diagnostic, 'found' | 'expected' | 'fix'> {
  const name = nameOf(state, owner);
  const { length } = prefix;
  const host = length === (prefix.family === 4 ? 32 : 128);
  return {
    found: `${name} announces ${prefix.text} and passes its traffic on`,
    expected: `traffic for it ends at ${name}`,
    fix: `give ${name} ${host ? `the address ${address.text} (on lo)` : `an interface or a route in ${prefix.text}`}, or announce it elsewhere; fabricgen trace ${name} ${address.text} shows where it goes now`,
  };
}

function failures(
  sources: readonly number[],
  fate: (node: number) => Fate,
): ReadonlyMap<Fate['kind'], readonly number[]> {
  const failed = new Map<Fate['kind'], number[]>();
  for (const node of sources) {
    const { kind } = fate(node);
    if (kind === 'arrives') continue;
    const same = failed.get(kind);
    if (same) same.push(node);
    else failed.set(kind, [node]);
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
  address: Address,
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
    fix: `ask what becomes of the route where packets end (fabricgen explain ${nameOf(state, first.at)} ${prefix.text}), and follow one (fabricgen trace ${nameOf(state, nodes[0] ?? 0)} ${address.text})`,
  };
}
