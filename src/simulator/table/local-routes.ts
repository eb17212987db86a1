import { ipFamilyOf } from '../../base/family.ts';
import {
  type Address,
  bitsOf,
  compareAddresses,
  contains,
  isLinkLocal,
  type Prefix,
  prefixOf,
} from '../../base/ip.ts';
import type { Destination, PathData } from '../../bgp/attributes.ts';
import { type LocalPath, localPath } from '../../bgp/originate.ts';
import { internPath, withPath } from '../../bgp/path-store.ts';
import { evaluateChain } from '../../bgp/policy/evaluate.ts';
import { runProgram } from '../../bgp/policy/program/run.ts';
import { matchesPattern } from '../../bgp/policy/program/sets.ts';
import type { Router } from '../../bgp/router.ts';
import type { InterfacePattern, TablePipe, TableProtocol, TableRoute } from '../../bgp/table-config.ts';
import { takesNetwork } from '../../bgp/unicast-networks.ts';
import type { Hop } from '../kernel/kernel-table.ts';
import type { WiredInterface, WiredNode } from '../kernel/wiring.ts';
import { pipedPath } from './piped.ts';

/**
 * What the protocols beside BGP put into a table over all protocols, after their import policies, and what pipes bring of other tables
 * (`table` null: that of the family; `cameBy`: the pipe that asks).
 */
export function localRoutes(
  router: Router,
  wired: WiredNode,
  leads: Leads = noLeads,
  table: string | null = null,
  cameBy: TablePipe | null = null,
): readonly LocalPath[] {
  const protocols = (router.config.table?.protocols ?? []).filter((one) => (one.table ?? null) === table);
  const made: LocalPath[] = [...piped(router, wired, leads, table, cameBy)];
  const waiting: { readonly protocol: TableProtocol; readonly route: TableRoute }[] = [];
  for (const protocol of protocols) {
    for (const { prefix, destination } of found(protocol, wired))
      keep(made, router, protocol, prefix, destination, null);
    for (const route of protocol.routes) {
      if (route.kind === 'recursive') waiting.push({ protocol, route });
      else {
        const destination = destinationOf(protocol, route, wired);
        if (destination) keep(made, router, protocol, route.prefix, destination, route);
      }
    }
  }
  // Recursive routes lean on what the others brought, never on each other.
  const ground = localTable(made);
  for (const { protocol, route } of waiting) {
    const destination = recursive(protocol, route, ground, leads);
    keep(made, router, protocol, route.prefix, destination, route);
  }
  return made;
}

function piped(
  router: Router,
  wired: WiredNode,
  leads: Leads,
  table: string | null,
  cameBy: TablePipe | null,
): readonly LocalPath[] {
  return (router.config.table?.pipes ?? []).flatMap((pipe) => {
    const [a, b] = pipe.ends;
    const [near, far] = a.table === table ? [a, b] : [b, a];
    const { policy } = near;
    if (pipe === cameBy || near.table !== table || !policy) return [];
    return localRoutes(router, wired, leads, far.table, pipe).flatMap(({ prefix, path }) => {
      if (prefix.family !== ipFamilyOf(pipe.family)) return [];
      const passed = pipedPath(router, policy, prefix, path, null);
      return passed ? [{ prefix, path: passed }] : [];
    });
  });
}

/** Where BGP's routes lead the gateways of recursive routes, by `leadKey`: known once BGP has tables. */
export type Leads = ReadonlyMap<string, Destination>;

const noLeads: Leads = new Map();

export function leadKey(table: string | undefined, via: Address): string {
  return `${table ?? ''} ${via.text}`;
}

/** What `ip route add` writes where it is told nothing else. */
const RTPROT_BOOT = 3;

interface Found {
  readonly prefix: Prefix;
  readonly destination: Destination;
}

function found(protocol: TableProtocol, wired: WiredNode): readonly Found[] {
  if (protocol.kind === 'connected') return networks(protocol, wired);
  return protocol.kind === 'kernel' ? learned(protocol, wired) : [];
}

/** An interface that is set up counts, with `check link` only where it has a carrier. */
function counts({ checkLink }: TableProtocol, { up, noCarrier }: WiredInterface): boolean {
  return up || (noCarrier === true && !checkLink);
}

/**
 * BIRD's direct protocol: each network of an interface, none of the host's own scope. Of one network on two interfaces the first
 * stays, and the loopback is the first that a kernel has.
 */
function networks(protocol: TableProtocol, wired: WiredNode): readonly Found[] {
  const { name, family, interfaces } = protocol;
  return [...wired.interfaces].sort(loopbackFirst).flatMap((one) => {
    if (!counts(protocol, one)) return [];
    const seen = new Set<string>();
    return one.addresses.flatMap(({ address, network }): Found[] => {
      if (network.family !== ipFamilyOf(family) || isHostScope(address) || seen.has(network.text)) return [];
      seen.add(network.text);
      if (!fits(interfaces, one, address)) return [];
      const hops = [{ interface: one.name, gateway: null }];
      return [{ prefix: network, destination: { kind: 'unicast', protocol: name, hops } }];
    });
  });
}

function loopbackFirst(a: WiredInterface, b: WiredInterface): number {
  return Number(b.name === 'lo') - Number(a.name === 'lo');
}

function isHostScope(address: Address): boolean {
  if (address.family === 4) return address.value >> 24n === 127n || address.value >> 16n === 0xa9fen;
  return address.value === 1n || isLinkLocal(address);
}

/** The first pattern that fits decides; none at all stands for every interface. */
export function fits(
  patterns: readonly InterfacePattern[],
  { name }: Pick<WiredInterface, 'name'>,
  address: Address,
): boolean {
  if (patterns.length === 0) return true;
  const first = patterns.find(
    (pattern) =>
      (pattern.name === null || matchesPattern(pattern.name, name)) &&
      (pattern.prefix === null || contains(pattern.prefix, address)),
  );
  return first?.positive ?? false;
}

/** The kernel keeps routes over an interface that lost its carrier, and so does who learned them (seen on BIRD 2.0.12). */
function learned({ name, family }: TableProtocol, { node, interfaces }: WiredNode): readonly Found[] {
  return node.kernelRoutes.flatMap((route): Found[] => {
    const { prefix, via, interface: out, blackhole, metric = 0, protocol = RTPROT_BOOT } = route;
    if (prefix.family !== ipFamilyOf(family)) return [];
    const near = interfaces.find((one) =>
      out === null ? via !== null && holds(one, via) : one.name === out,
    );
    if (!blackhole && !near?.up && !near?.noCarrier) return [];
    const hops = near ? [{ interface: near.name, gateway: via }] : [];
    const kind = blackhole ? 'blackhole' : 'unicast';
    return [{ prefix, destination: { kind, protocol: name, hops, learned: { protocol, metric } } }];
  });
}

/** null: none of its gateways is a neighbour, and the route waits. */
function destinationOf(
  protocol: TableProtocol,
  { kind, hops }: TableRoute,
  wired: WiredNode,
): Destination | null {
  const { name } = protocol;
  if (kind !== 'unicast')
    return { kind: kind === 'recursive' ? 'unreachable' : kind, protocol: name, hops: [] };
  // A gateway that is `onlink` needs its interface named (nest/neighbor.c, neigh_find).
  const usable = hops.flatMap(({ via, interface: out, onlink, bfd, weight = 1 }) => {
    if (bfd && via && !wired.answering?.has(via.text)) return [];
    const one = wired.interfaces.find(
      (candidate) =>
        counts(protocol, candidate) &&
        (out === null || candidate.name === out) &&
        (via === null || (onlink ? out !== null : holds(candidate, via))),
    );
    return one ? [{ hop: { interface: one.name, gateway: via }, weight }] : [];
  });
  usable.sort((a, b) => b.weight - a.weight || byGateway(a.hop, b.hop));
  return usable.length === 0 ? null : { kind: 'unicast', protocol: name, hops: usable.map(({ hop }) => hop) };
}

/** In BIRD's order (`nexthop_insert`), not in that of the file: the first one stands for the route. */
export function byGateway({ gateway: a }: Hop, { gateway: b }: Hop): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareAddresses(a, b);
}

function holds({ addresses }: WiredInterface, address: Address): boolean {
  if (isLinkLocal(address)) return true;
  return addresses.some((own) => contains(own.network, address) && own.address.text !== address.text);
}

function recursive(
  { name, table }: TableProtocol,
  { hops }: TableRoute,
  ground: LocalTable,
  known: Leads,
): Destination {
  const via = hops[0]?.via ?? null;
  const route = via ? lookupLocal(ground, via) : null;
  const leads = (via && known.get(leadKey(table, via))) || route?.path.destination;
  if (!via || !leads || leads.recursive)
    return { kind: 'unreachable', protocol: name, hops: [], recursive: true };
  const resolved = leads.hops.map((hop) => ({ interface: hop.interface, gateway: hop.gateway ?? via }));
  return { kind: leads.kind, protocol: name, hops: resolved, recursive: true };
}

/** The path as it stands in the table, where the protocol's policy lets it in. */
function keep(
  made: LocalPath[],
  router: Router,
  { kind, preference, policy }: TableProtocol,
  prefix: Prefix,
  destination: Destination,
  route: TableRoute | null,
): void {
  if (!takesNetwork(router.config.profile, prefix)) return;
  const { store, tables } = router.context;
  const subject = { prefix, peer: null, ownNextHop: null, learnedFrom: null, localAs: router.bgp.asn };
  const bare = localPath(router, { source: kind, weight: preference, originUnset: true, destination });
  // What stands beside the route only sets attributes: BIRD asks for no verdict, and an error ends it and nothing else (`static_announce_rte`).
  const program = route?.attributes?.program;
  const said = program ? internPath(store, runProgram(program, bare, subject, store).path) : bare;
  const verdict = evaluateChain(policy, said, subject, store, tables);
  if (verdict.verdict === 'reject') return;
  made.push({
    prefix,
    path: isSingle(verdict.path)
      ? verdict.path
      : withPath(store, verdict.path, { medByPolicy: false, nextHopByPolicy: 'no' }),
  });
}

/**
 * BIRD forgets which attributes were set just now when it merges several into one list; a single one needs no merging, and the
 * export takes it for set by its own filter: such a MED leaves the AS (seen on 2.0.12, nest/rt-attr.c `rta_lookup`). What was learned from
 * the kernel has `krt_source` and `krt_metric` already.
 */
function isSingle(path: PathData): boolean {
  if (path.destination?.learned) return false;
  const given = [
    !path.originUnset,
    path.asPath.count > 0,
    path.med !== null,
    path.localPref !== null,
    path.nextHop !== null,
    path.communities.length > 0,
    path.largeCommunities.length > 0,
    (path.extendedCommunities ?? []).length > 0,
    path.originatorId !== null,
    path.clusterList.length > 0,
  ].concat([...(path.own?.values.keys() ?? []), ...(path.emptyLists ?? '')].map(() => true));
  return given.filter(Boolean).length === 1;
}

/** The best local route for each prefix, for longest match. */
export interface LocalTable {
  readonly routes: ReadonlyMap<string, LocalPath>;
  readonly lengths: Readonly<Record<4 | 6, readonly number[]>>;
}

export function localTable(paths: readonly LocalPath[]): LocalTable {
  const routes = new Map<string, LocalPath>();
  for (const one of paths) {
    const present = routes.get(one.prefix.text);
    if (!present || one.path.weight > present.path.weight) routes.set(one.prefix.text, one);
  }
  const lengths = (family: 4 | 6) => {
    const used = [...routes.values()].filter(({ prefix }) => prefix.family === family);
    return [...new Set(used.map(({ prefix }) => prefix.length))].sort((a, b) => b - a);
  };
  return { routes, lengths: { 4: lengths(4), 6: lengths(6) } };
}

export function lookupLocal(table: LocalTable, address: Address): LocalPath | null {
  for (const length of table.lengths[address.family]) {
    if (length > bitsOf(address.family)) continue;
    const found = table.routes.get(prefixOf(address.family, address.value, length).text);
    if (found) return found;
  }
  return null;
}
