import type { Network, NetworkNode } from './network.ts';
import {
  type Attachment,
  carrying,
  interfacesOf,
  type WiredInterface,
  type WiredNode,
  type Wiring,
  wire,
} from './wiring.ts';

/**
 * As `wire(network)`, and what has not changed since `before` is shared with it: nodes that are the same object there, unless a link of
 * theirs has lost its carrier or has it again.
 */
export function rewire(network: Network, before: Wiring): Wiring {
  const { nodes } = network;
  if (nodes.length !== before.nodes.length) return wire(network);
  const changed = nodes.flatMap((node, index) => (before.nodes[index]?.node === node ? [] : [index]));
  if (changed.length === 0) return before;
  if (changed.length * 4 > nodes.length) return wire(network);
  const near = new Set(changed);
  for (const index of changed) {
    const [now, then] = [nodes[index], before.nodes[index]];
    if (!now || !then || now.name !== then.node.name || linksOf(now) !== linksOf(then.node))
      return wire(network);
    for (const { link } of now.interfaces)
      for (const member of (link === null ? null : before.members.get(link)) ?? []) near.add(member);
  }
  const merged = new Map<number, readonly WiredInterface[]>();
  const interfacesAt = (index: number) => {
    const known = merged.get(index);
    if (known) return known;
    const node = nodes[index];
    const made = node ? interfacesOf(node) : [];
    merged.set(index, made);
    return made;
  };
  const next = [...before.nodes];
  const different: number[] = [];
  for (const index of near) {
    const node = nodes[index];
    const then = before.nodes[index];
    if (!node || !then) continue;
    const interfaces = carrying(interfacesAt(index), (link) => isDead(interfacesAt, before.members, link));
    if (node === then.node && sameUp(interfaces, then.interfaces)) continue;
    next[index] = { index, node, interfaces };
    different.push(index);
  }
  const owners = relist(before.owners, before.nodes, next, different, ownedTexts);
  const links = relist(before.links, before.nodes, next, different, upLinks);
  // A name that was not there before has its place in the order of all.
  if (!owners || !links) return wire(network);
  return { nodes: next, indexOf: before.indexOf, members: before.members, owners, links };
}

function linksOf({ interfaces }: NetworkNode): string {
  return interfaces.map(({ link }) => link ?? '').join('\n');
}

/** As `linksWithoutCarrier`, for one link. */
function isDead(
  interfacesAt: (node: number) => readonly WiredInterface[],
  members: Wiring['members'],
  link: string,
): boolean {
  const ends = [...new Set(members.get(link))].flatMap((node) =>
    interfacesAt(node).filter((one) => one.link === link),
  );
  return ends.length === 2 && ends.some(({ up }) => !up);
}

function sameUp(a: readonly WiredInterface[], b: readonly WiredInterface[]): boolean {
  return (
    a.length === b.length && a.every((one, i) => one.up === b[i]?.up && one.noCarrier === b[i]?.noCarrier)
  );
}

function ownedTexts({ addresses }: WiredInterface): readonly string[] {
  return addresses.map(({ address }) => address.text);
}

function upLinks({ link, up }: WiredInterface): readonly string[] {
  return link !== null && up ? [link] : [];
}

/** The lists of attachments by name with those of some nodes made anew; null: a name is new. */
function relist(
  lists: ReadonlyMap<string, readonly Attachment[]>,
  before: readonly WiredNode[],
  now: readonly WiredNode[],
  different: readonly number[],
  namesOf: (one: WiredInterface) => readonly string[],
): ReadonlyMap<string, readonly Attachment[]> | null {
  const touched = new Set(different);
  const names = new Set<string>();
  const fresh = new Map<string, Attachment[]>();
  for (const node of different) {
    for (const one of before[node]?.interfaces ?? []) for (const name of namesOf(one)) names.add(name);
    for (const one of now[node]?.interfaces ?? [])
      for (const name of namesOf(one)) {
        if (!lists.has(name)) return null;
        names.add(name);
        const attachment = { node, interface: one };
        const list = fresh.get(name);
        if (list) list.push(attachment);
        else fresh.set(name, [attachment]);
      }
  }
  const next = new Map(lists);
  for (const name of names) {
    const stay = (lists.get(name) ?? []).filter(({ node }) => !touched.has(node));
    const list = [...stay, ...(fresh.get(name) ?? [])].sort((a, b) => a.node - b.node);
    if (list.length > 0) next.set(name, list);
    else next.delete(name);
  }
  return next;
}
