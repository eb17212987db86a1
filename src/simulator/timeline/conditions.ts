import { type FamilyName, familyNames } from '../../base/family.ts';
import type { PeerFamilyConfig } from '../../bgp/peer-family-config.ts';
import { optionsOf } from '../../bgp/peer-table.ts';
import type { Router } from '../../bgp/router.ts';
import { metConditions } from '../dependencies.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { SimulationState } from '../state.ts';
import { neighborOf } from './ends.ts';

// FRR asks for the conditions of `advertise-map` every 60 s (`bgp conditional-advertisement timer`), counted from its start, and
// not when they change (bgp_conditional_adv_timer). Until it has asked for a session, that is told what anybody is told.

/** What became of the condition of one session when the daemon last asked; 'unasked': it has not since the session is up. */
export type Asked = 'holds' | 'fails' | 'unasked';
export type AskedByFamily = Partial<Readonly<Record<FamilyName, Asked>>>;

/** What daemons know of their conditions. */
export interface Conditions {
  /** Seconds on the clock from which each node counts. */
  readonly since: ReadonlyMap<number, number>;
  /** By `keyOf`; 'fails' outlives the session. */
  readonly asked: ReadonlyMap<string, Asked>;
}

const none: Conditions = { since: new Map(), asked: new Map() };

type Conditional = NonNullable<PeerFamilyConfig['conditional']>;

/** Another line is another question. */
function keyOf(end: SessionEnd, family: FamilyName, { routes, condition, when }: Conditional): string {
  return `${neighborOf(end)} ${family} ${routes.name} ${condition.name} ${when}`;
}

/** The conditions at a session end, by family. */
function conditionsAt({ config }: SessionEnd): readonly (readonly [FamilyName, Conditional])[] {
  return familyNames.flatMap((family) => {
    const conditional = config.families[family]?.conditional;
    return conditional ? [[family, conditional] as const] : [];
  });
}

const asking = new WeakMap<Router, boolean>();

function asks(router: Router | null | undefined): router is Router {
  if (!router || router.bgp.conditionsEvery === undefined) return false;
  let known = asking.get(router);
  if (known === undefined) {
    known = optionsOf(router.bgp).some(({ families }) =>
      familyNames.some((family) => families[family]?.conditional),
    );
    asking.set(router, known);
  }
  return known;
}

function someoneAsks({ routers }: Pick<SimulationState, 'routers'>): boolean {
  return routers.some(asks);
}

/** What is known when something happens; daemons that have just begun, or have got their first condition, count from now. */
export function conditionsBefore(
  before: SimulationState,
  now: Pick<SimulationState, 'routers'>,
  started: ReadonlySet<number>,
  clock: number,
): Conditions | undefined {
  if (!someoneAsks(now)) return undefined;
  const known = before.moment?.conditions ?? converged(before);
  const since = new Map(known.since);
  const asked = new Map(known.asked);
  now.routers.forEach((router, node) => {
    const goesOn = asks(router) && since.has(node) && !started.has(node);
    if (goesOn) return;
    for (const key of [...asked.keys()]) if (key.startsWith(`${node}|`)) asked.delete(key);
    if (asks(router)) since.set(node, clock);
    else since.delete(node);
  });
  return { since, asked };
}

/** Who was there from the beginning has asked as often as it takes. */
function converged(state: SimulationState): Conditions {
  if (!someoneAsks(state)) return none;
  const since = new Map<number, number>();
  state.routers.forEach((router, node) => {
    if (asks(router)) since.set(node, state.moment?.clock ?? 0);
  });
  return { since, asked: askedNow(state, { since, asked: new Map() }, () => true) };
}

/** The ends with what was asked for them; what a session was told by a condition that holds is forgotten with it. */
export function withConditions(
  ends: readonly SessionEnd[],
  conditions: Conditions | undefined,
): { readonly ends: readonly SessionEnd[]; readonly conditions?: Conditions } {
  if (!conditions) return { ends };
  const asked = new Map(conditions.asked);
  const marked = ends.map((end) => {
    const found = conditionsAt(end);
    if (found.length === 0 || !conditions.since.has(end.node)) return end;
    const byFamily: Partial<Record<FamilyName, Asked>> = {};
    for (const [family, conditional] of found) {
      const key = keyOf(end, family, conditional);
      if (end.state !== 'Established' && asked.get(key) === 'holds') asked.delete(key);
      byFamily[family] = asked.get(key) ?? 'unasked';
    }
    return end.state === 'Established' ? { ...end, conditions: interned(byFamily) } : end;
  });
  return { ends: marked, conditions: { ...conditions, asked } };
}

/** Ends are told apart by what they refer to. */
const known = new Map<string, AskedByFamily>();

function interned(asked: AskedByFamily): AskedByFamily {
  const key = familyNames.map((family) => asked[family] ?? '').join();
  const found = known.get(key) ?? asked;
  known.set(key, found);
  return found;
}

/** What daemons for which it is time would find now. */
function askedNow(
  state: SimulationState,
  { asked, since }: Conditions,
  isTime: (node: number) => boolean,
): ReadonlyMap<string, Asked> {
  const answers = new Map(asked);
  const met = Object.fromEntries(
    familyNames.map((family) => [family, metConditions(state.families[family].dependencies)]),
  );
  for (const end of state.ends) {
    if (end.state !== 'Established' || !since.has(end.node) || !isTime(end.node)) continue;
    for (const [family, conditional] of conditionsAt(end)) {
      const { condition, when } = conditional;
      const isMet = met[family]?.get(end.node)?.has(condition) ?? false;
      answers.set(keyOf(end, family, conditional), isMet === (when === 'exist') ? 'holds' : 'fails');
    }
  }
  return answers;
}

/** The conditions after daemons have asked for which it is time at this second; the same object: nothing is different. */
export function askAgain(state: SimulationState): Conditions | undefined {
  const { moment } = state;
  const conditions = moment?.conditions;
  if (!moment || !conditions) return conditions;
  const asked = askedNow(state, conditions, (node) => isTime(state, conditions, node, moment.clock));
  return isSame(asked, conditions.asked) ? conditions : { ...conditions, asked };
}

function isTime({ routers }: SimulationState, { since }: Conditions, node: number, clock: number): boolean {
  const every = routers[node]?.bgp.conditionsEvery;
  const from = since.get(node);
  return every !== undefined && from !== undefined && (clock - from) % every === 0;
}

function isSame(a: ReadonlyMap<string, Asked>, b: ReadonlyMap<string, Asked>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/** Seconds on the clock at which some daemon asks next and finds something else than before. */
export function nextAsked(state: SimulationState): readonly number[] {
  const { moment, routers } = state;
  const conditions = moment?.conditions;
  if (!moment || !conditions) return [];
  return [...conditions.since].flatMap(([node, from]) => {
    const every = routers[node]?.bgp.conditionsEvery;
    if (every === undefined) return [];
    const then = askedNow(state, conditions, (one) => one === node);
    if (isSame(then, conditions.asked)) return [];
    return [from + every * (Math.floor((moment.clock - from) / every) + 1)];
  });
}
