import { type FamilyName, familyNames } from '../../base/family.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { closed, closings } from '../closings/closings.ts';
import { bgpLookup } from '../forwarding/destination.ts';
import { type Ground, layGround } from '../ground.ts';
import { overBgpRoutes } from '../kernel/recursive-statics.ts';
import { settleRounds } from '../rounds.ts';
import { ListedSessions } from '../sessions/session-list.ts';
import { assemble } from '../simulate.ts';
import type { SimulationState } from '../state.ts';
import { placeCopies } from '../table/beside.ts';
import { saidAgain } from './cached-announcements.ts';
import type { Change } from './change.ts';
import { closedEnds, withoutReopened } from './closed-sessions.ts';
import { askAgain, conditionsBefore, nextAsked, withConditions } from './conditions.ts';
import { dampeningSince } from './dampening.ts';
import { nextSessions } from './fates.ts';
import { momentOf } from './first-moment.ts';
import { keptBack } from './kept-back.ts';
import { firstGroups, nextGroups } from './kernel-groups.ts';
import { placeLeftLanes, withLeftLanes } from './left-lanes.ts';
import { dropLostRoutes } from './left-routes.ts';
import type { Moment } from './moment.ts';
import { overtakenNow } from './overtaken.ts';
import type { Past } from './past.ts';
import { takenAwayFirst } from './said-anew.ts';
import { withoutSaid } from './said-once.ts';
import type { Sessions } from './situation.ts';
import { unjudged } from './unjudged.ts';
import { isAsWanted, meetNow, wantedNow } from './wanted.ts';
import { changeWorld, leftBehind, networkOf, type World } from './world.ts';

/** More turns than this within one change mean that sessions come and go with the routes they bring. */
const MAX_TURNS = 200;

/**
 * What becomes of a converged network when something happens to it. The changes happen at once; then `seconds` pass on the virtual
 * clock (default: as many as it takes until no timer is left that changes anything): hold timers run out, sessions come back.
 * `state` stays as it was and can be asked, or advanced in another way. The new state is one like any other: `hostResults`,
 * `explainPrefix`, `forward` and the checks work on it, and age is that of the whole history.
 */
export function advance(
  state: SimulationState,
  changes: Change | readonly Change[],
  seconds: number = Number.POSITIVE_INFINITY,
): SimulationState {
  const moment = momentOf(state);
  const list = 'kind' in changes ? [changes] : changes;
  const until = moment.clock + seconds;
  const first = takenAwayFirst(moment.world, list);
  let current = first.length > 0 ? changed(state, first) : state;
  current = changed(current, list);
  for (let turns = 0; turns < MAX_TURNS; turns++) {
    const now = momentOf(current);
    const next = nextTime(current, until);
    if (next > until || next === Number.POSITIVE_INFINITY) break;
    current = turn(current, { ...now, clock: next }, []);
  }
  const last = momentOf(current);
  const end = seconds === Number.POSITIVE_INFINITY ? last.clock : until;
  const settled = current;
  dropLostRoutes(settled);
  const groups = once(() => nextGroups(settled, last.groups?.() ?? null, end));
  return { ...current, moment: { ...last, clock: end, groups } };
}

function changed(state: SimulationState, changes: readonly Change[]): SimulationState {
  const moment = momentOf(state);
  return turn(state, { ...moment, world: changes.reduce(changeWorld, moment.world) }, changes);
}

/** The next point in time at which something is due. A session over its limit is made again and again: where no end is given, it stays closed. */
function nextTime(state: SimulationState, until: number): number {
  const { waiting, closed } = momentOf(state);
  const reopened =
    until === Number.POSITIVE_INFINITY ? [] : [...closed.values()].flatMap((one) => one.until ?? []);
  const asked = nextAsked(state);
  const freed = familyNames.flatMap((family) =>
    state.families[family].prefixes.flatMap(({ freeAt }) => freeAt ?? []),
  );
  const silences = state.ends.all().flatMap(({ silent }) => (silent ? [silent.until] : []));
  return Math.min(
    ...waiting.values(),
    ...silences,
    ...asked,
    ...freed,
    ...reopened,
    Number.POSITIVE_INFINITY,
  );
}

/** Lets everything settle that happens at one point in time. */
function turn(state: SimulationState, moment: Moment, changes: readonly Change[]): SimulationState {
  let current = oneTurn(state, moment, changes);
  // Sessions over routes that BGP brings may come or go with the tables that have just settled.
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const now = momentOf(current);
    const closing = closings(current);
    const conditions = askAgain(current);
    if (closing.size > 0) {
      const ends = current.ends.all().map((end, place) => closed(current, end, place, closing));
      current = oneTurn(
        current,
        { ...now, closed: new Map([...now.closed, ...closedEnds(ends, now.clock)]) },
        [],
      );
    } else if (conditions !== now.conditions) current = oneTurn(current, { ...now, conditions }, []);
    else if (isAtRest(current) && isAsWanted(current, now)) break;
    else current = oneTurn(current, now, []);
  }
  return current;
}

/** Are the routes of other protocols as BGP's tables have them by now? */
function isAtRest(state: SimulationState): boolean {
  return overBgpRoutes(state) === null && overtakenNow(state) === state.overtaken;
}

const MAX_PASSES = 8;

function oneTurn(state: SimulationState, moment: Moment, changes: readonly Change[]): SimulationState {
  const { clock } = moment;
  const world = heardAgain(state, moment.world);
  const network = networkOf(world);
  const laid = withStatics(layGround(network, state), state, changes.length > 0);
  const ground = { ...laid, overtaken: overtakenNow(state, laid) };
  const started = nodesOf(state, startedBy(changes));
  const reread = nodesOf(state, filesOf(changes));
  const lookup = { ...state, ...ground };
  const now = withoutReopened(moment, ground.routers, { started, reread }, changes.length > 0);
  const met = meetNow(ground, lookup, state);
  const sessions = nextSessions({
    ground: { ...ground, route: bgpLookup(lookup) },
    groundBefore: { ...state, route: bgpLookup(state) },
    clock,
    routers: ground.routers,
    routersBefore: state.routers,
    started,
    killed: nodesOf(state, world.killed),
    wanted: wantedNow(met, ground, now),
    from: met.from,
    before: state.ends.all(),
    moment: now,
  });
  const before = { ...state, moment };
  const { ends, conditions } = withConditions(
    withLeftLanes(state, sessions),
    conditionsBefore(before, ground, started, clock),
  );
  const next = assemble(ground, new ListedSessions(ends), state.order, state);
  const slots = slotsOf(state, next, sessions);
  const past: Past = {
    previous: state,
    slots,
    unjudged: unjudged(state, next, slots, reread),
    keptBack: keptBack(state, next, slots, reread),
    started,
    reread,
    leftover: nodesOf(state, leftBehind(world)),
  };
  const settled = settleRounds({
    ...next,
    past,
    met,
    moment: {
      world,
      clock,
      closed: now.closed,
      waiting: sessions.waiting,
      tries: sessions.tries,
      pauses: sessions.pauses,
      conditions,
      dampening: dampeningSince(before, ground.routers, started, clock),
    },
  });
  dropLostRoutes(settled);
  const groups = once(() => nextGroups(settled, moment.groups?.() ?? firstGroups(state, clock), clock));
  return { ...settled, moment: { ...momentOf(settled), groups } };
}

/** The world where what was kept back on a session is said on the next one, and what is said once no more: this one is gone. */
function heardAgain(state: SimulationState, world: World): World {
  const isUp = (host: string, { audience }: PeerConfig) =>
    state.ends
      .all()
      .some(
        ({ node, config, state: stands }) =>
          stands === 'Established' &&
          config.audience === audience &&
          state.wiring.nodes[node]?.node.name === host,
      );
  const network = saidAgain(world.network, isUp);
  return withoutSaid(network === world.network ? world : { ...world, network }, isUp);
}

/** With static routes over BGP's, as BGP's tables are by now; what has just changed has to settle first. */
function withStatics(ground: Ground, state: SimulationState, changed: boolean): Ground {
  return changed ? ground : { ...ground, ...overBgpRoutes({ ...state, ...ground }) };
}

function once<T>(work: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => {
    known ??= { value: work() };
    return known.value;
  };
}

function startedBy(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) =>
    change.kind === 'start' ? change.hosts : change.kind === 'host-up' ? [change.host] : [],
  );
}

function filesOf(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => (change.kind === 'files' ? [change.host] : []));
}

function nodesOf({ wiring }: SimulationState, hosts: Iterable<string>): ReadonlySet<number> {
  return new Set([...hosts].map((host) => wiring.indexOf.get(host)).filter((node) => node !== undefined));
}

/** Which slot each slot was in the state before. */
function slotsOf(
  before: SimulationState,
  next: SimulationState,
  { from }: Sessions,
): Readonly<Record<FamilyName, Int32Array>> {
  const slots = familyNames.map((family) => {
    const old = new Map<number, number>();
    const earlier = before.families[family].topology;
    // Lanes lie behind the sessions.
    earlier.sessions.subarray(0, earlier.slotStart.at(-1)).forEach((place, slot) => {
      old.set(place, slot);
    });
    const { sessions, lanes } = next.families[family].topology;
    const slots = sessions.map((place) => old.get(from[place] ?? -1) ?? -1);
    for (const [slot, targets] of lanes) {
      const before = earlier.lanes.get(slots[slot] ?? -1);
      targets.forEach((target, lane) => {
        if (lane > 0) slots[target] = before?.[lane] ?? -1;
      });
    }
    placeLeftLanes(earlier, next.families[family].topology, slots);
    placeCopies(earlier, next.families[family].topology, slots);
    return [family, slots] as const;
  });
  return Object.fromEntries(slots) as Record<FamilyName, Int32Array>;
}
