import type { Path } from '../../bgp/attributes.ts';
import { egressPath } from '../../bgp/egress.ts';
import { type ExportOutcome, exportPath } from '../../bgp/export.ts';
import { localPath } from '../../bgp/originate.ts';
import type { Peer } from '../../bgp/peer.ts';
import { chainNeeds } from '../../bgp/policy/analyse.ts';
import type { WantedPath } from '../../bgp/rib/add-path-out.ts';
import { groupWinners } from '../../bgp/rib/decide.ts';
import type { TableRoute } from '../../bgp/rib/route-pool.ts';
import { LOCAL } from '../../bgp/rib/table-owner.ts';
import { isNeverToldOwn } from '../../bgp/suppression.ts';
import { Answers } from '../shelf/answers.ts';
import { exportGroup } from './export-group.ts';
import type { TableFacts } from './table-facts.ts';
import type { TablePeer } from './table-peer.ts';

/** Phase 3 of RFC 4271 section 9, by the numbers of paths. */
export class Exports {
  readonly #facts: TableFacts;
  /** By group of peers. */
  readonly #answers = new Map<string, Answers>();
  /** Where the default route stands once some peer is told it whatever the table says (`default-originate`); -1: nowhere. */
  defaultPlace = -1;

  constructor(facts: TableFacts) {
    this.#facts = facts;
  }

  forget(): void {
    for (const answers of this.#answers.values()) answers.clear();
  }

  /** The answers for groups of which nobody is there any more. */
  forgetGroups(peers: Iterable<TablePeer>): void {
    const used = new Set([...peers].map(({ answers }) => answers));
    for (const [group, answers] of this.#answers) if (!used.has(answers)) this.#answers.delete(group);
  }

  /** What hangs on the configuration of a peer, and of the router. */
  viewAgain(member: TablePeer, peer: Peer): void {
    member.peer = peer;
    member.neverToldOwn = isNeverToldOwn(this.#facts.router, peer);
    member.answers = this.#answersFor(peer);
  }

  #answersFor(peer: Peer): Answers | null {
    const { router } = this.#facts;
    if (chainNeeds(peer.options.exportPolicy, router.context.notes).prefix) return null;
    const group = exportGroup(router, peer);
    const answers = this.#answers.get(group) ?? new Answers();
    this.#answers.set(group, answers);
    return answers;
  }

  /** What a peer is told of a path, by number; 0: nothing. */
  exported(member: TablePeer, place: number, path: number, from: number): number {
    const { number, peer, answers } = member;
    if (place === this.defaultPlace && peer.options.defaultOriginate) return this.#ownDefault(peer);
    if (path === 0 || (from === number && member.neverToldOwn)) return 0;
    // What it said itself, and what was made here, is told to it alone.
    const source = from === number ? OWN + number : from === LOCAL ? MADE_HERE + number : from;
    const known = answers?.get(path, source) ?? -1;
    if (known >= 0) return known;
    const { shelf } = this.#facts;
    const best = shelf.path(path);
    const sent = this.outcome(peer, place, best, from).path;
    const answer = sent === best ? path : sent === null ? 0 : shelf.keep(sent, false);
    answers?.set(path, source, answer);
    return answer;
  }

  /** The paths of a destination for a peer that takes several: all that can be used, or the best of each neighbouring AS. */
  exportedPaths(member: TablePeer, place: number, routes: readonly TableRoute[]): readonly WantedPath[] {
    const { peer } = member;
    if (place === this.defaultPlace && peer.options.defaultOriginate)
      return [{ holder: 'default', wire: this.#ownDefault(peer) }];
    const usable = routes.filter(({ invalid }) => invalid === null);
    const chosen =
      peer.options.addPathSend === 'all' ? usable : groupWinners(this.#facts.router.process, usable);
    return usable.flatMap((route) => {
      if (!route.selected && !chosen.includes(route)) return [];
      const wire = this.exported(member, place, route.accepted, route.peerNumber);
      return wire === 0 ? [] : [{ holder: `${route.peerNumber} ${route.pathId}`, wire }];
    });
  }

  /** `default-originate` without a route-map; with one it would wait for another route (see `config.ts`). */
  #ownDefault(peer: Peer): number {
    const { router, shelf } = this.#facts;
    if (peer.options.defaultOriginate?.policy !== null || peer.ownNextHop === null) return 0;
    const path = localPath(router, { source: 'default', med: 0 });
    return shelf.keep(egressPath({ router, peer, from: null, keepsNextHop: false }, path));
  }

  /** What a peer is told of a path, or why nothing. */
  outcome(peer: Peer, place: number, path: Path, from: number): ExportOutcome {
    const { router } = this.#facts;
    const best = {
      path,
      peer: this.#facts.peerAt(from),
      invalid: null,
      igpMetric: 0,
      selected: true,
      arrival: 0,
    };
    const outcome = exportPath(router, peer, this.#facts.prefixAt(place), best);
    if (outcome.path === null || outcome.path.nextHop !== null || peer.ownNextHop !== null) return outcome;
    return { path: null, suppressed: NO_NEXT_HOP, reason: outcome.reason };
  }
}

/** IPv6 routes on a session over IPv4, and the host has no IPv6 address but of the link and of itself. */
const NO_NEXT_HOP = 'this end has no address of the family to be the next hop';

/** Above the numbers of all peers. */
const OWN = 1 << 24;
const MADE_HERE = 1 << 25;
