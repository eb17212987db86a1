import {
  type Agreement,
  agrees,
  compared,
  comparedPhases,
  type Expectation,
  expectationOf,
} from '../compare/compare.ts';
import { type RunningContainer, runningContainers, startContainers } from '../containers/containers.ts';
import { type Convergence, converge } from '../converge.ts';
import { daemonKinds } from '../daemons/kinds.ts';
import { LabError } from '../error.ts';
import { LabFabric } from '../fabric.ts';
import { type LabPlan, readPlan } from '../plan/plan.ts';
import { playEvents } from '../play.ts';
import { missing } from '../programs.ts';
import { goOn, type Steps } from '../steps.ts';
import { groupOf } from './clean.ts';
import { prefixOf } from './names.ts';
import { daemonsFolder, fabricFolder, type LabState, load, save } from './state.ts';

/** A lab that is being started, or that an earlier command has started. */
export interface Lab {
  readonly state: LabState;
  readonly plan: LabPlan;
  readonly fabric: LabFabric;
  readonly containers: ReadonlyMap<string, RunningContainer>;
}

/** What has to be there for any lab, and for the daemons of this one. */
export function checkNeeds(plan: LabPlan | null): void {
  const kinds = [...new Set(plan?.hosts.map(({ daemon }) => daemon) ?? [])].filter((kind) => kind !== 'none');
  const unknown = kinds.filter((kind) => !daemonKinds[kind]);
  const programs = kinds.flatMap((kind) => daemonKinds[kind]?.programs ?? []);
  const lacking = [
    ...(process.platform === 'linux' ? [] : ['Linux']),
    ...missing({ root: true, programs: ['ip', 'sysctl', ...programs] }),
    ...unknown,
  ];
  if (lacking.length === 0) return;
  throw new LabError({
    rule: 'lab-needs',
    severity: 'error',
    message: `the lab cannot run here: ${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} missing`,
    ranges: [],
    expected: `root, ip${programs.length > 0 ? `, ${programs.join(', ')}` : ''}`,
    fix: lacking.some((one) => one.startsWith('root'))
      ? 'run it as root (sudo); simulate shows the same tables without'
      : 'install what is missing (scripts/install-daemons on Debian); simulate needs none of it',
  });
}

/** Wires the hosts of a claimed lab and starts their daemons; the caller cleans up where this throws. */
export async function bringUp(state: LabState, steps: Steps): Promise<Lab> {
  const wired = wireUp(state, steps);
  const lab = await withContainers(wired, steps);
  const names = lab.plan.hosts.filter(({ daemon }) => daemon !== 'none').map(({ name }) => name);
  let count = 0;
  await lab.fabric.startTogether(names, (name) => {
    steps.say(`${++count} of ${names.length} daemons run (${name})`);
    goOn(steps);
  });
  return lab;
}

/** Wires the hosts of a claimed lab and starts nothing. */
function wireUp(state: LabState, steps: Steps): Lab {
  const plan = readPlan(fabricFolder(state.name));
  checkNeeds(plan);
  goOn(steps);
  steps.say(`wiring ${plan.hosts.length} hosts`);
  const options = { exact: true, folder: daemonsFolder(state.name) };
  const fabric = LabFabric.wired(prefixOf(state.name), plan.hosts, options);
  return { state, plan, fabric, containers: new Map() };
}

async function withContainers({ state, plan, fabric }: Lab, steps: Steps): Promise<Lab> {
  const started = (host: string) => {
    steps.say(`dockerd of ${host} runs its container`);
    goOn(steps);
  };
  const containers = await startContainers(fabric.namespaces, plan, groupOf(state.name), started);
  const kept = { ...state, containers };
  save(kept);
  return { state: kept, plan, fabric, containers: runningContainers(fabric.namespaces, containers) };
}

/** From here on it stands by itself; later commands find it. */
export function leaveUp({ state, fabric }: Lab): void {
  save({ ...state, owner: null, phase: 'up', daemons: fabric.folders() });
}

/** The lab that an earlier command has left up. */
export function attach(state: LabState): Lab {
  const plan = readPlan(fabricFolder(state.name));
  const existing = plan.hosts.map(({ name }) => name);
  const options = { exact: true, folder: daemonsFolder(state.name), existing };
  const fabric = LabFabric.attach(prefixOf(state.name), plan.hosts, state.daemons, options);
  return { state, plan, fabric, containers: runningContainers(fabric.namespaces, state.containers) };
}

/** Lets the events of a folder happen, from its first start on, and holds what they record against the simulator. */
export async function compareEvents(state: LabState, steps: Steps): Promise<Agreement> {
  const { plan, fabric } = wireUp(state, steps);
  const played = await playEvents(fabric, plan, steps);
  return comparedPhases(plan, played, expectationOf(plan), state.notes);
}

/** Waits until the daemons are at rest, whatever their tables are. */
export async function settle(
  { plan, fabric }: Pick<Lab, 'plan' | 'fabric'>,
  bound: number,
  steps: Steps,
): Promise<{ readonly convergence: Convergence; readonly expectation: Expectation }> {
  const expectation = expectationOf(plan);
  steps.say('converging');
  const expected = (tables: Convergence['tables']) => agrees(tables, expectation);
  const awaited = { sessions: expectation.sessions, expected, bound };
  return { convergence: await converge(fabric, awaited, steps), expectation };
}

/** Adds what has to be said about a lab. */
export function note(state: LabState, notes: readonly string[]): LabState {
  const noted = { ...(load(state.name) ?? state), notes: [...state.notes, ...notes] };
  save(noted);
  return noted;
}

export interface ComparedAtRest {
  readonly agreement: Agreement;
  readonly convergence: Convergence;
  readonly expectation: Expectation;
}

/** Waits until the daemons are at rest, and holds their tables against the simulator. */
export async function compareAtRest(
  { state, plan, fabric }: Lab,
  bound: number,
  steps: Steps,
): Promise<ComparedAtRest> {
  const { convergence, expectation } = await settle({ plan, fabric }, bound, steps);
  steps.say('comparing');
  const agreement = compared(plan, convergence.tables, expectation, state.notes);
  return {
    agreement: convergence.settled ? agreement : unsettled(agreement, bound),
    convergence,
    expectation,
  };
}

function unsettled(agreement: Agreement, bound: number): Agreement {
  const words = `something still moved after ${bound} s: the tables are those of that moment`;
  return { ...agreement, outcome: 'inconclusive', notes: [...agreement.notes, words] };
}
