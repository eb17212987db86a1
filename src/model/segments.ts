import { bitsOf, comparePrefixes, isLinkLocal, type Prefix } from '../base/ip.ts';
import type { Interface, Segment } from './fabric.ts';

/** What segments are derived from: `interface.segment` is the name the inventory gives, or null. */
export interface SegmentHost {
  readonly name: string;
  readonly interfaces: readonly Interface[];
}

interface Draft {
  readonly networks: Map<string, Prefix>;
  readonly members: { host: string; interface: string }[];
}

/**
 * The broadcast domains of a fabric. Interfaces that name the same segment share it; interfaces without a name share the
 * segment of their network, or the named segment where exactly one has that network (the same network may be reused on
 * several named ones). An interface with an IPv4 and an IPv6 network ties both together. Loopbacks, host prefixes and
 * link-local networks connect nothing. A segment without a name of its own is called like its first network and exists from
 * two members on. Deriving again from hosts whose `segment` was filled in gives the same result.
 */
export function deriveSegments(hosts: Iterable<SegmentHost>): Segment[] {
  const all = [...hosts].flatMap((host) => host.interfaces.map((i) => ({ host: host.name, interface: i })));
  const named = namesByNetwork(all.map((one) => one.interface));
  const sets = new DisjointSets();
  for (const { interface: i } of all) sets.join(keysOf(i, named));
  const drafts = new Map<string, Draft>();
  for (const { host, interface: i } of all) {
    const [key] = keysOf(i, named);
    if (key === undefined) continue;
    const root = sets.root(key);
    const draft: Draft = drafts.get(root) ?? { networks: new Map(), members: [] };
    drafts.set(root, draft);
    for (const network of networksOf(i)) draft.networks.set(network.text, network);
    draft.members.push({ host, interface: i.name });
  }
  return [...drafts]
    .map(([root, draft]) => segmentOf(root, draft))
    .filter(isSegment)
    .sort(compareSegments);
}

/** The networks through which an interface reaches others. */
export function networksOf(i: Pick<Interface, 'name' | 'addresses'>): Prefix[] {
  if (i.name === 'lo') return [];
  return i.addresses
    .filter((a) => a.length < bitsOf(a.address.family) && !isLinkLocal(a.address))
    .map((a) => a.network);
}

const NAMED = 'segment ';

function keysOf(i: Interface, named: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  if (i.segment !== null) return [NAMED + i.segment];
  return networksOf(i).map(({ text }) => {
    const [name, ...others] = named.get(text) ?? [];
    return name !== undefined && others.length === 0 ? NAMED + name : text;
  });
}

function namesByNetwork(interfaces: readonly Interface[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const i of interfaces) {
    if (i.segment === null) continue;
    for (const { text } of networksOf(i)) names.set(text, (names.get(text) ?? new Set()).add(i.segment));
  }
  return names;
}

function segmentOf(root: string, draft: Draft): Segment {
  const networks = [...draft.networks.values()].sort(comparePrefixes);
  const name = root.startsWith(NAMED) ? root.slice(NAMED.length) : (networks[0]?.text ?? root);
  return { name, networks, members: draft.members };
}

/** A name is stated on purpose, so its segment exists even with one member; a lone network is just an address. */
function isSegment(segment: Segment): boolean {
  return segment.members.length > 1 || segment.name !== segment.networks[0]?.text;
}

function compareSegments(a: Segment, b: Segment): number {
  const [first, second] = [a.networks[0], b.networks[0]];
  if (first && second && first.text !== second.text) return comparePrefixes(first, second);
  if (!first !== !second) return first ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Union-find over keys. A named key is always the root of its set, and two named ones are never joined. */
class DisjointSets {
  readonly #parents = new Map<string, string>();

  root(key: string): string {
    let root = key;
    for (let next = this.#parents.get(root); next !== undefined; next = this.#parents.get(root)) root = next;
    // Shorten the path, so that long chains are walked once.
    for (let step = key; step !== root; ) {
      const next = this.#parents.get(step) ?? root;
      this.#parents.set(step, root);
      step = next;
    }
    return root;
  }

  join(keys: readonly string[]): void {
    const [first, ...others] = keys;
    if (first === undefined) return;
    for (const other of others) {
      const [a, b] = [this.root(first), this.root(other)];
      if (a === b || (a.startsWith(NAMED) && b.startsWith(NAMED))) continue;
      if (b.startsWith(NAMED)) this.#parents.set(a, b);
      else this.#parents.set(b, a);
    }
  }
}
