import { comparePrefixes } from '../base/ip.ts';
import { holdPrefix } from './result/hosts.ts';
import type { FamilyState, PrefixState, SimulationState } from './state.ts';
import { inMessageOrder, inTableOrder, type Told } from './table-order.ts';
import { chosenFor, type Filled, filledBefore, isChosenStill, isSaidAgain } from './timeline/filled.ts';

/** A slot that stops sending at some number of prefixes, and where those that count are seen: there, or at the other end. */
interface Limit {
  readonly slot: number;
  /** The slot at the end where the limit stands. */
  readonly holder: number;
  readonly count: number;
  readonly counts: 'sent' | 'received' | 'accepted';
  readonly told: Told[];
}

/**
 * Which prefixes are one too many for the slots with a limit: `maximum-prefix-out`, whose neighbour is told the table in order up to the
 * limit, and those whose neighbour takes so many and no more (BIRD `action block`). On a session that goes on what came first stays
 * (`filled.ts`). The answer is kept in the prefixes (`full`); returned
 * are those for which it is another than before.
 */
export function limitOutbound(state: SimulationState, familyState: FamilyState): readonly PrefixState[] {
  const limits = limitsOf(familyState);
  if (limits.length === 0) return [];
  const { routers, owner } = familyState.topology;
  const prefixes = [...familyState.prefixes].sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  const before = prefixes.map(({ full }) => full.join());
  for (const prefix of prefixes) {
    prefix.full = [];
    holdPrefix(state, familyState, prefix);
    for (const limit of limits) note(familyState, limit, prefix);
  }
  const filled = filledBefore(state, familyState, limits);
  limits.forEach((limit, i) => {
    const { slot, count, counts, told } = limit;
    const known = filled[i];
    const ofTable = routers[owner[slot] ?? -1]?.config.profile.quirks.tableOrder;
    // What is new comes as it is made, by prefix.
    const order = known && ofTable === 'hash' ? undefined : ofTable;
    const inOrder = counts === 'sent' ? inTableOrder(told, order) : inMessageOrder(told, order);
    const counted = inOrder.filter((one) => counts !== 'accepted' || one.accepted);
    const chosen = known?.chosen;
    const isUnchanged = ({ prefix, chosen: now }: Told) =>
      isChosenStill(state, familyState.family, now ?? null, chosen?.get(prefix.prefix.text));
    const beyond = chosen
      ? beyondCount(counted, count, known.taken, isUnchanged)
      : known
        ? keptBack(counted, count, known, isSaidAgain(state, familyState, limit))
        : counted.slice(count);
    for (const { prefix } of beyond) prefix.full = [...prefix.full, slot];
  });
  return prefixes.filter(({ full }, place) => full.join() !== before[place]);
}

/** On a session that goes on: what was let through stays, and what was kept back has to be said again to be looked at. */
function keptBack(
  told: readonly Told[],
  count: number,
  { taken, refused, shut }: Filled,
  saidAgain: boolean,
): readonly Told[] {
  const isNew = ({ prefix: { prefix }, path }: Told) =>
    saidAgain || !refused.has(prefix.text) || refused.get(prefix.text) !== path;
  const others = told.filter(({ prefix: { prefix } }) => !taken.has(prefix.text));
  const room = shut ? 0 : Math.max(0, count - (told.length - others.length));
  const passing = new Set(others.filter(isNew).slice(0, room));
  return others.filter((one) => !passing.has(one));
}

/** FRR `subgroup_announce_check`: who has told as many as it may takes back what changes, and there is room for what changes next. */
function beyondCount(
  told: readonly Told[],
  count: number,
  taken: ReadonlySet<string>,
  isUnchanged: (one: Told) => boolean,
): readonly Told[] {
  const wasTold = ({ prefix: { prefix } }: Told) => taken.has(prefix.text);
  let number = told.filter(wasTold).length;
  return told.filter((one) => {
    if (isUnchanged(one)) return !wasTold(one);
    const isBeyond = number >= count;
    if (isBeyond && wasTold(one)) number--;
    if (!isBeyond && !wasTold(one)) number++;
    return isBeyond;
  });
}

function limitsOf({ topology: { peers, reverse } }: FamilyState): readonly Limit[] {
  const own = peers
    .slotsWhere(({ options }) => options.maximumPrefixOut !== undefined)
    .map((slot): Limit => {
      const count = peers.at(slot)?.options.maximumPrefixOut ?? 0;
      return { slot, holder: slot, count, counts: 'sent', told: [] };
    });
  const taken = peers
    .slotsWhere(({ options }) => options.maximumPrefixTaken !== undefined)
    .flatMap((slot): Limit[] => {
      const limit = peers.at(slot)?.options.maximumPrefixTaken;
      const sender = reverse[slot] ?? -1;
      if (!limit || sender < 0) return [];
      const counts = limit.received ? 'received' : 'accepted';
      return [{ slot: sender, holder: slot, count: limit.count, counts, told: [] }];
    });
  return [...own, ...taken];
}

/** What the engine holds of the prefix: is it told over the slot, and taken at the other end? */
function note(familyState: FamilyState, { slot, told }: Limit, prefix: PrefixState): void {
  const { engine, topology } = familyState;
  const wire = engine.sent[slot] ?? 0;
  if (wire === 0) return;
  const accepted = engine.inList[topology.reverse[slot] ?? -1] === 1;
  told.push({ prefix, wire, path: engine.paths[wire], accepted, chosen: chosenFor(familyState, slot) });
}

/** Slots that were cut off somewhere nobody can foretell: the order of the sender's table is drawn anew each time. */
export function cutAtRandom({ topology: { routers, owner }, prefixes }: FamilyState): readonly number[] {
  const cut = new Set(prefixes.flatMap(({ full }) => full));
  return [...cut].filter(
    (slot) => routers[owner[slot] ?? -1]?.config.profile.quirks.tableOrder === undefined,
  );
}
