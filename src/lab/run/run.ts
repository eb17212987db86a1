import { type Agreement, agrees, compared, type Expectation, expectationOf } from '../compare/compare.ts';
import { type Convergence, converge } from '../converge.ts';
import { daemonKinds } from '../daemons/kinds.ts';
import { LabError } from '../error.ts';
import { LabFabric } from '../fabric.ts';
import { type LabPlan, readPlan } from '../plan/plan.ts';
import { missing } from '../programs.ts';
import { goOn, type Steps } from '../steps.ts';
import { prefixOf } from './names.ts';
import { daemonsFolder, fabricFolder, type LabState, load, save } from './state.ts';

/** A lab that is being started, or that an earlier command has started. */
export interface Lab {
  readonly state: LabState;
  readonly plan: LabPlan;
  readonly fabric: LabFabric;
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
  const lab = wireUp(state, steps);
  const names = lab.plan.hosts.filter(({ daemon }) => daemon !== 'none').map(({ name }) => name);
  let count = 0;
  await lab.fabric.start(names, (name) => {
    steps.say(`${++count} of ${names.length} daemons run (${name})`);
    goOn(steps);
  });
  return lab;
}

/** Wires the hosts of a claimed lab and starts nothing. */
export function wireUp(state: LabState, steps: Steps): Lab {
  const plan = readPlan(fabricFolder(state.name));
  checkNeeds(plan);
  goOn(steps);
  steps.say(`wiring ${plan.hosts.length} hosts`);
  const options = { exact: true, folder: daemonsFolder(state.name) };
  return { state, plan, fabric: LabFabric.wired(prefixOf(state.name), plan.hosts, options) };
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
  return { state, plan, fabric: LabFabric.attach(prefixOf(state.name), plan.hosts, state.daemons, options) };
}

/** Adds what has to be said about a lab. */
export function note(state: LabState, notes: readonly string[]): LabState {
  const noted = { ...(load(state.name) ?? state), notes: [...state.notes, ...notes] };
  save(noted);
  return noted;
}

export interface Judged {
  readonly agreement: Agreement;
  readonly convergence: Convergence;
  readonly expectation: Expectation;
}

/** Waits until the daemons are at rest, and holds their tables against the simulator. */
export async function judge({ state, plan, fabric }: Lab, bound: number, steps: Steps): Promise<Judged> {
  const expectation = expectationOf(plan);
  steps.say('converging');
  const expected = (tables: Convergence['tables']) => agrees(tables, expectation);
  const convergence = await converge(fabric, { sessions: expectation.sessions, expected, bound }, steps);
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
