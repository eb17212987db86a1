import { keyOf } from '../../bgp/carried/destinations.ts';
import { localPath } from '../../bgp/originate.ts';
import { LOCAL } from '../../bgp/rib/table-owner.ts';
import { type FamilyKey, ROUTE_TARGET } from '../../bgp/wire/negotiated.ts';
import type { RouteTargetNlri } from '../../bgp/wire/nlri/route-target.ts';
import { safi } from '../../bgp/wire/registry.ts';
import type { Later } from '../tables/tables.ts';
import type { CarriedTables } from './carried-tables.ts';

/** Every route target (RFC 4684 section 4): who passes on whatever it has wants it all. */
const everything: RouteTargetNlri = {
  kind: 'route-target',
  pathId: null,
  originAs: null,
  target: '',
  length: 0,
};

/** Families whose routes have route targets. */
const constrained: ReadonlySet<number> = new Set([safi.mplsVpn, safi.evpn, safi.flowspecVpn]);

/** What a peer wants, as bits of route targets. */
interface Interest {
  readonly all: boolean;
  readonly whole: ReadonlySet<string>;
  readonly partial: readonly RouteTargetNlri[];
  /** All of it as text, to see whether it is another than before. */
  readonly text: string;
}

/**
 * RFC 4684: a peer of the family is told of those VPN and EVPN routes alone whose route targets it asked for, and of everything is said that this end wants all. What peers
 * ask for is looked at again once the event loop has turned, however much they say at once.
 */
export class RouteTargets {
  readonly #asked: CarriedTables;
  readonly #told: readonly CarriedTables[];
  readonly #later: Later;
  readonly #interests = new Map<number, Interest>();
  #looks = false;

  constructor(all: ReadonlyMap<FamilyKey, CarriedTables>, later: Later) {
    const asked = all.get(ROUTE_TARGET);
    if (!asked) throw new Error('no table of route targets');
    this.#asked = asked;
    this.#told = [...all].flatMap(([key, tables]) => (constrained.has(key % 256) ? [tables] : []));
    this.#later = later;
    asked.watch(() => this.#lookLater());
    asked.watchMembers(() => this.#members());
    for (const tables of this.#told)
      tables.constraint = (peer, communities) => this.#wants(peer, communities);
  }

  #wants(peer: number, communities: readonly string[]): boolean {
    const interest = this.#interests.get(peer);
    if (!interest || interest.all) return true;
    return communities.some(
      (one) => interest.whole.has(one) || interest.partial.some((target) => matches(target, one)),
    );
  }

  /** A peer of the family came or went: who is there before it has asked for anything wants nothing. */
  #members(): void {
    const { router, memberNumbers, rib } = this.#asked;
    const now = new Set(memberNumbers);
    for (const peer of this.#interests.keys()) if (!now.has(peer)) this.#interests.delete(peer);
    for (const peer of now) if (!this.#interests.has(peer)) this.#interests.set(peer, this.#interestOf(peer));
    const key = keyOf(ROUTE_TARGET, everything);
    const own = rib.destinations.get(key)?.routes.some(({ peerNumber }) => peerNumber === LOCAL);
    if (now.size > 0 && !own)
      rib.receive(LOCAL, null, { key, bare: everything, attached: '', pathId: 0 }, localPath(router, {}));
  }

  #lookLater(): void {
    if (this.#looks) return;
    this.#looks = true;
    this.#later(() => {
      this.#looks = false;
      for (const peer of this.#interests.keys()) this.#look(peer);
    });
  }

  #look(peer: number): void {
    const interest = this.#interestOf(peer);
    if (interest.text === this.#interests.get(peer)?.text) return;
    this.#interests.set(peer, interest);
    for (const tables of this.#told) tables.lookAgain(peer);
  }

  #interestOf(peer: number): Interest {
    const targets = [...this.#asked.rib.destinations.values()].flatMap(({ bare, routes }) =>
      bare.kind === 'route-target' && routes.some((one) => one.peerNumber === peer && one.refused === null)
        ? [bare]
        : [],
    );
    return {
      all: targets.some(({ originAs, length }) => originAs === null || length === 0),
      whole: new Set(targets.filter(({ length }) => length === 64).map(({ target }) => target)),
      partial: targets.filter(({ length }) => length > 0 && length < 64),
      text: targets
        .map(({ target, length }) => `${target}/${length}`)
        .sort()
        .join(' '),
    };
  }
}

/** Do the first bits of a community say that? */
function matches({ target, length }: RouteTargetNlri, community: string): boolean {
  const shift = BigInt(64 - length);
  const digits = target.padEnd(16, '0');
  return BigInt(`0x${digits}`) >> shift === BigInt(`0x${community}`) >> shift;
}
