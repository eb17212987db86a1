import { familyNames } from '../../base/family.ts';
import { holds } from '../compact/held-slots.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { daemonOf } from '../timeline/ends.ts';
import { habitsOf } from '../timeline/habits.ts';
import type { Closing } from './closings.ts';
import { ForcedCount } from './forced-limit.ts';

/**
 * Session ends that got more prefixes than they take (RFC 4486: Cease, subcode 1), or have more to send than they may (BIRD: subcode 4), by place. Only ends that could get more prefixes than they take are looked at; what they
 * hold is known of most prefixes, the others are converged once more.
 */
export function overflows(state: SimulationState): ReadonlyMap<number, Closing> {
  const found = new Map<number, Closing>();
  for (const family of familyNames) {
    const familyState = state.families[family];
    const { sessions } = familyState.topology;
    const limited = limitedSlots(familyState);
    if (limited.length === 0) continue;
    const counts = countPrefixes(state, familyState, limited);
    limited.forEach(({ slot, limit, counts: what }, i) => {
      const count = counts[i] ?? 0;
      const harmless = what === 'sent' ? 0 : spared(state, familyState, slot);
      const place = sessions[slot] ?? -1;
      if (count > limit + harmless && !found.has(place))
        found.set(place, { reason: wordsOf(count, limit, what), ...restartOf(familyState, slot) });
    });
  }
  return found;
}

function restartOf({ topology }: FamilyState, slot: number): Pick<Closing, 'reopensAfter'> {
  const seconds = topology.peers.at(slot)?.options.maximumPrefixRestart;
  return seconds === undefined ? {} : { reopensAfter: seconds };
}

/** Prefixes beyond the limit that do no harm: the one that came last, unless an inbound route-map has everything sent again. */
function spared(state: SimulationState, familyState: FamilyState, slot: number): number {
  const { peers, owner, routers } = familyState.topology;
  const options = peers.at(slot)?.options;
  const sparesLast = routers[owner[slot] ?? -1]?.config.profile.quirks.maximumPrefixSparesLast;
  if (!sparesLast || options?.maximumPrefixForce) return 0;
  if (hasNewLimit(state, familyState, slot)) return 0;
  const mapped = options?.importPolicy.some(({ kind }) => kind === 'route-map');
  return mapped && hearsAllAgain(state, familyState, slot) ? 0 : 1;
}

/** Have other files set the limit on a session that is up? Then the daemon counts what it has (peer_maximum_prefix_set). */
function hasNewLimit({ past }: SimulationState, { family, topology }: FamilyState, slot: number): boolean {
  const old = past?.slots[family][slot] ?? -1;
  if (!past || old < 0 || !past.reread.has(topology.owner[slot] ?? -1)) return false;
  const before = past.previous.families[family].topology.peers.at(old);
  return before?.options.maximumPrefix !== topology.peers.at(slot)?.options.maximumPrefix;
}

/** Does the daemon find its route-map only after the session is up, or another one in new files? Later on nothing is sent twice. */
function hearsAllAgain(
  { past, moment }: SimulationState,
  { family, topology }: FamilyState,
  slot: number,
): boolean {
  const node = topology.owner[slot] ?? -1;
  if (!past || !moment || past.reread.has(node)) return true;
  if ((past.slots[family][slot] ?? -1) >= 0) return false;
  const began = moment.tries.get(daemonOf(node)) ?? moment.clock;
  return moment.clock - began <= (habitsOf(topology.routers[node]).findsPoliciesAfter ?? 0);
}

/** A slot with a limit below the number of all prefixes, and which it is for: refused paths may count as well. */
interface Limited {
  readonly slot: number;
  readonly limit: number;
  readonly counts: 'accepted' | 'received' | 'forced' | 'sent';
}

function limitedSlots({ topology, prefixes }: FamilyState): readonly Limited[] {
  const { peers, owner, routers } = topology;
  const inbound = peers.slotsWhere(
    ({ options: { maximumPrefix } }) => (maximumPrefix ?? Infinity) < prefixes.length,
  );
  const outbound = peers.slotsWhere(
    ({ options: { maximumPrefixSent } }) => (maximumPrefixSent ?? Infinity) < prefixes.length,
  );
  return [
    ...inbound.map((slot): Limited => {
      const quirks = routers[owner[slot] ?? -1]?.config.profile.quirks;
      const { maximumPrefix, maximumPrefixForce } = peers.at(slot)?.options ?? {};
      const forced = quirks?.maximumPrefixSparesLast ? 'forced' : 'received';
      const counts = maximumPrefixForce
        ? forced
        : quirks?.maximumPrefixCountsReceived
          ? 'received'
          : 'accepted';
      return { slot, limit: maximumPrefix ?? 0, counts };
    }),
    ...outbound.map((slot): Limited => {
      return { slot, limit: peers.at(slot)?.options.maximumPrefixSent ?? 0, counts: 'sent' };
    }),
  ];
}

function countPrefixes(
  state: SimulationState,
  familyState: FamilyState,
  limited: readonly Limited[],
): Int32Array {
  const counts = new Int32Array(limited.length);
  const allForced = limited.map(({ counts: what }) => (what === 'forced' ? new ForcedCount() : null));
  const heldTell = limited.every(({ counts: what }) => what === 'accepted');
  for (const prefix of familyState.prefixes) {
    const held = heldTell ? prefix.held : undefined;
    if (!held) holdPrefix(state, familyState, prefix);
    limited.forEach(({ slot, counts: what }, i) => {
      const forced = allForced[i];
      if (forced) forced.add(familyState.engine, slot);
      else if (held ? holds(held, slot) : isCounted(familyState, slot, what))
        counts[i] = (counts[i] ?? 0) + 1;
    });
  }
  return counts.map((count, i) => allForced[i]?.most ?? count);
}

/** In the tables that the engine holds. */
function isCounted(
  { engine: { received, inList, sent } }: FamilyState,
  slot: number,
  counts: Limited['counts'],
): boolean {
  return counts === 'accepted' ? inList[slot] === 1 : (counts === 'sent' ? sent : received)[slot] !== 0;
}

function wordsOf(count: number, limit: number, counts: Limited['counts']): string {
  return counts === 'sent'
    ? `export limit ${limit} exceeded: ${count} prefixes (NOTIFICATION 6/4)`
    : `maximum-prefix ${limit} exceeded: ${count} prefixes (NOTIFICATION 6/1)`;
}
