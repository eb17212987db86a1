import { comparePrefixes } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Aggregate, Docker, Network, Redistribution, RedistributionSource } from '../../model/fabric.ts';
import type { HostVars } from '../schema/host-vars.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { oncePerValue, placeIn, type Variable, type Variables } from './variables.ts';

type Written<K extends keyof HostVars> = Variable<NonNullable<HostVars[K]>>;

/** What a host announces beside what it learns, each in the order the daemon prints it. */
export interface Announcements {
  readonly networks: readonly Network[];
  readonly redistribute: readonly Redistribution[];
  readonly aggregates: readonly Aggregate[];
}

export function announcementsReader(
  read: AddressReader,
  findings: Findings,
): (vars: Variables, docker: Docker | null) => Announcements {
  const networks = oncePerValue((v: Written<'bgp_networks'>) => readNetworks(v, read, findings));
  const redistribute = oncePerValue((v: Written<'bgp_redistribute'>) => readRedistribute(v, findings));
  const aggregates = oncePerValue((v: Written<'bgp_aggregates'>) => readAggregates(v, read, findings));
  return (vars, docker) => {
    const [n, r, a] = [vars.find('bgp_networks'), vars.find('bgp_redistribute'), vars.find('bgp_aggregates')];
    const stated = n ? networks(n) : [];
    const bridges = vars.value('bgp_announce_bip', true) ? bridgeNetworks(vars, docker) : [];
    // A network stated on purpose may have a route-map; docker0's is then the same announcement.
    const more = bridges.filter((bridge) => !stated.some((one) => one.prefix.text === bridge.prefix.text));
    return {
      networks: [...stated, ...more].sort((x, y) => comparePrefixes(x.prefix, y.prefix)),
      redistribute: r ? redistribute(r) : [],
      aggregates: a ? aggregates(a) : [],
    };
  };
}

function readNetworks(variable: Written<'bgp_networks'>, read: AddressReader, findings: Findings): Network[] {
  const networks = new Map<string, Network>();
  variable.value.forEach((written, index) => {
    const { prefix: text, route_map = null } = typeof written === 'string' ? { prefix: written } : written;
    const source = placeIn(variable, index);
    const prefix = read.prefix(text, { what: `bgp_networks[${index}]`, source });
    if (!prefix) return;
    if (networks.has(prefix.text)) repeated('bgp_networks', prefix.text, source, findings);
    else networks.set(prefix.text, { prefix, routeMap: route_map, reason: 'network', source });
  });
  return [...networks.values()];
}

function bridgeNetworks(vars: Variables, docker: Docker | null): Network[] {
  return (['docker_bip', 'docker_bip6'] as const).flatMap((name): Network[] => {
    const bip = name === 'docker_bip' ? docker?.bip : docker?.bip6;
    const variable = vars.find(name);
    if (!bip || !variable) return [];
    return [{ prefix: bip.network, routeMap: null, reason: 'bip', source: placeIn(variable) }];
  });
}

/** Zebra's numbers of the protocols: the order in which the daemons print them. */
const redistributionOrder: readonly RedistributionSource[] = ['kernel', 'connected', 'static'];

function readRedistribute(variable: Written<'bgp_redistribute'>, findings: Findings): Redistribution[] {
  const bySource = new Map<RedistributionSource, Redistribution>();
  variable.value.forEach((written, index) => {
    const {
      from,
      metric = null,
      route_map = null,
    } = typeof written === 'string' ? { from: written } : written;
    const source = placeIn(variable, index);
    if (bySource.has(from)) repeated('bgp_redistribute', from, source, findings);
    else bySource.set(from, { from, metric, routeMap: route_map, source });
  });
  return redistributionOrder.flatMap((from) => bySource.get(from) ?? []);
}

function readAggregates(
  variable: Written<'bgp_aggregates'>,
  read: AddressReader,
  findings: Findings,
): Aggregate[] {
  const aggregates = new Map<string, Aggregate>();
  variable.value.forEach((written, index) => {
    const options = typeof written === 'string' ? { prefix: written } : written;
    const source = placeIn(variable, index);
    const prefix = read.prefix(options.prefix, { what: `bgp_aggregates[${index}]`, source });
    if (!prefix) return;
    const { summary_only: summaryOnly = false, as_set: asSet = false } = options;
    if (aggregates.has(prefix.text)) repeated('bgp_aggregates', prefix.text, source, findings);
    else aggregates.set(prefix.text, { prefix, summaryOnly, asSet, source });
  });
  return [...aggregates.values()].sort((a, b) => comparePrefixes(a.prefix, b.prefix));
}

function repeated(name: string, text: string, source: SourceRange, findings: Findings): void {
  findings.error({
    rule: 'duplicate-entry',
    message: `${name} has ${text} twice`,
    ranges: [source],
    found: text,
    expected: 'each entry once',
    fix: 'remove one of them',
  });
}
