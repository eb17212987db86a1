import type { Session } from '../../model/fabric.ts';

interface Peer {
  readonly name: string;
  /** Does this end treat the other as its client? */
  readonly client: boolean;
}

/**
 * Who hears whose routes over iBGP (RFC 4271 9.2, RFC 4456 6): a route goes to the neighbors; a reflector passes a client's on to all,
 * and any other to its clients. What a reflector passes on depends only on where it came from, so that is computed once.
 */
export class IbgpGraph {
  readonly #peers = new Map<string, Map<string, Peer>>();
  readonly #spread = new Map<string, ReadonlySet<string>>();

  constructor(sessions: readonly Session[]) {
    for (const { a, b, type, families } of sessions) {
      if (type !== 'ibgp' || !b || families.length === 0) continue;
      this.#add(a.host, b.host, a.neighbor?.routeReflectorClient ?? false);
      this.#add(b.host, a.host, b.neighbor?.routeReflectorClient ?? false);
    }
  }

  #add(from: string, to: string, client: boolean): void {
    const peers = this.#peers.get(from) ?? new Map<string, Peer>();
    this.#peers.set(from, peers);
    const known = peers.get(to);
    peers.set(to, { name: to, client: client || (known?.client ?? false) });
  }

  /** Hosts that are connected by iBGP, directly or over others. */
  components(): string[][] {
    const seen = new Set<string>();
    const components: string[][] = [];
    for (const start of this.#peers.keys()) {
      if (seen.has(start)) continue;
      const members = new Set([start]);
      for (const name of members) for (const next of this.#peers.get(name)?.keys() ?? []) members.add(next);
      for (const name of members) seen.add(name);
      components.push([...members]);
    }
    return components;
  }

  /** Pairs of which one does not hear the other; the first `most` by name, and how many there are. */
  gaps(members: readonly string[], most: number): { pairs: (readonly [string, string])[]; total: number } {
    const pairs: (readonly [string, string])[] = [];
    const seen = new Set<string>();
    let oneWay = 0;
    for (const from of members) {
      if (this.#isHeardByAll(from, members.length)) continue;
      const heard = this.#heardBy(from);
      for (const to of members) {
        if (heard.has(to)) continue;
        const pair = from < to ? ([from, to] as const) : ([to, from] as const);
        const key = pair.join(' ');
        if (seen.has(key)) continue;
        seen.add(key);
        oneWay++;
        if (pairs.length < most) pairs.push(pair);
      }
    }
    return { pairs, total: oneWay };
  }

  /** The usual case, without a set per router: one of the peers passes on to everybody else. */
  #isHeardByAll(from: string, size: number): boolean {
    const peers = [...(this.#peers.get(from)?.keys() ?? [])];
    if (peers.length + 1 >= size) return true;
    const own = [from, ...peers];
    return peers.some((name) => {
      const passed = this.#passedOn(name, this.#peers.get(name)?.get(from)?.client ?? false);
      return (
        passed.size + own.length >= size && passed.size + own.filter((one) => !passed.has(one)).length >= size
      );
    });
  }

  /** Everyone who gets what this router announces, itself included. */
  #heardBy(from: string): ReadonlySet<string> {
    const peers = [...(this.#peers.get(from)?.values() ?? [])];
    const reached = new Set([from, ...peers.map((peer) => peer.name)]);
    for (const { name } of peers) {
      const fromClient = this.#peers.get(name)?.get(from)?.client ?? false;
      for (const further of this.#passedOn(name, fromClient)) reached.add(further);
    }
    return reached;
  }

  /** Who gets a route that `reflector` learned from a client, or from another, over any number of reflections. */
  #passedOn(reflector: string, fromClient: boolean): ReadonlySet<string> {
    const key = `${reflector} ${fromClient}`;
    const known = this.#spread.get(key);
    if (known) return known;
    const reached = new Set<string>();
    const done = new Set([key]);
    const ahead: [string, boolean][] = [[reflector, fromClient]];
    for (let step = ahead.pop(); step; step = ahead.pop()) {
      const [name, client] = step;
      for (const peer of this.#peers.get(name)?.values() ?? []) {
        if (!client && !peer.client) continue;
        reached.add(peer.name);
        const next = this.#peers.get(peer.name)?.get(name)?.client ?? false;
        const nextKey = `${peer.name} ${next}`;
        if (done.has(nextKey)) continue;
        done.add(nextKey);
        ahead.push([peer.name, next]);
      }
    }
    this.#spread.set(key, reached);
    return reached;
  }
}
