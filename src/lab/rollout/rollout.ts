import { type Agreement, agrees, compared, expectationOf } from '../compare/compare.ts';
import { converge } from '../converge.ts';
import { LabFabric } from '../fabric.ts';
import { containerOf } from '../plan/from-fabric.ts';
import type { LabPlan } from '../plan/plan.ts';
import { prefixOf } from '../run/names.ts';
import { daemonsFolder } from '../run/state.ts';
import { goOn, pause, type Steps } from '../steps.ts';
import type { FabricTables } from '../tables.ts';
import type { LabHost } from '../wiring.ts';
import { dockerChanges } from './docker-changes.ts';
import { type Action, actionsOf, mergedHosts } from './merged.ts';
import { type EndPoint, type Flow, PacketStream } from './stream.ts';

/** What a rollout did to running daemons and their traffic: `lab rollout --format json`, version 1. */
export interface Rollout {
  readonly version: 1;
  readonly hosts: readonly RolledHost[];
  readonly flows: readonly Flow[];
  readonly packetsSent: number;
  readonly packetsLost: number;
  readonly sessionsReset: number;
  /** Seconds from the first change to the last movement of any daemon. */
  readonly seconds: number;
  /** The end, held against the simulator's tables of the new files. */
  readonly agreement: Agreement;
}

export interface RolledHost {
  readonly host: string;
  readonly action: Action;
  /** Seconds the daemon took to load its files. */
  readonly took: number;
  /** Seconds from the first change of the rollout to its own last movement. */
  readonly settled: number;
  /** Peers whose session went down and came back, or is gone although both ends still want it. */
  readonly reset: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** What the daemon said of its new files, where it said anything of errors. */
  readonly complaints: readonly string[];
}

export interface RolloutOptions {
  readonly name: string;
  readonly bound: number;
  readonly notes: readonly string[];
  /** Hosts whose manifest says so (Quagga's) are restarted; else what runs in their place loads its files as it can. */
  readonly restarts: boolean;
}

/** Seconds of stream before the first and after the last change. */
const MARGIN = 1;

/** Starts the old fabric, has packets flow, applies the new files host by host, and measures. The caller cleans up. */
export async function rollOut(
  old: LabPlan,
  next: LabPlan,
  { name, bound, notes, restarts }: RolloutOptions,
  steps: Steps,
): Promise<Rollout> {
  const options = { exact: true, folder: daemonsFolder(name) };
  steps.say(`wiring ${old.hosts.length} hosts`);
  const lab = LabFabric.wired(prefixOf(name), mergedHosts(old, next), options);
  const names = old.hosts.filter(({ daemon }) => daemon !== 'none').map((host) => host.name);
  await lab.startTogether(names, () => goOn(steps));
  steps.say('converging on the old files');
  await rest(lab, old, bound, steps);
  const stream = new PacketStream(lab.namespaces, endPoints(old, next));
  const silent = await stream.begin();
  await pause(MARGIN * 1000, steps);
  const before = await connections(lab);
  const begin = Date.now();
  const applied = await apply(lab, actionsOf(old, next, restarts), next, begin, steps);
  const beforeRest = (Date.now() - begin) / 1000;
  steps.say('converging on the new files');
  const convergence = await rest(lab, next, bound, steps);
  await pause(MARGIN * 1000, steps);
  const flows = await stream.end();
  const after = await connections(lab);
  const hosts = applied.map((host): RolledHost => {
    const moved = convergence.lastChange.get(host.host) ?? 0;
    return {
      ...host,
      settled: moved === 0 ? host.settled : beforeRest + moved,
      ...changed(before.get(host.host), after.get(host.host)),
    };
  });
  const agreement = compared(next, convergence.tables, expectationOf(next), [
    ...notes,
    ...(restarts ? [] : wouldRestart(old, next)),
    ...dockerChanges(old, next),
    ...(silent.length > 0
      ? [`no packet came through before the change, so none is counted: ${silent.join(', ')}`]
      : []),
  ]);
  return {
    version: 1,
    hosts: hosts.sort((a, b) => (a.host < b.host ? -1 : 1)),
    flows,
    packetsSent: flows.reduce((sum, { sent }) => sum + sent, 0),
    packetsLost: flows.reduce((sum, { lost }) => sum + lost, 0),
    sessionsReset: hosts.reduce((sum, { reset }) => sum + reset.length, 0),
    seconds: beforeRest + convergence.seconds,
    agreement: convergence.settled ? agreement : { ...agreement, outcome: 'inconclusive' },
  };
}

function rest(lab: LabFabric, plan: LabPlan, bound: number, steps: Steps) {
  const expectation = expectationOf(plan);
  const expected = (tables: FabricTables) => agrees(tables, expectation);
  return converge(lab, { sessions: expectation.sessions, expected, bound }, steps);
}

/** The manifest's word for hosts that were reloaded in spite of it. */
function wouldRestart(old: LabPlan, next: LabPlan): readonly string[] {
  const names = [...actionsOf(old, next, true)].flatMap(([name, action]) =>
    action === 'restarted' ? [name] : [],
  );
  return names.length === 0
    ? []
    : [`${names.join(', ')}: reloaded as FRR; Quagga would be restarted (--restart-quagga does that)`];
}

type Applied = Omit<RolledHost, 'reset' | 'added' | 'removed'>;

async function apply(
  lab: LabFabric,
  actions: ReadonlyMap<string, Action>,
  next: LabPlan,
  begin: number,
  steps: Steps,
): Promise<readonly Applied[]> {
  const applied: Applied[] = [];
  for (const [host, action] of actions) {
    goOn(steps);
    if (action !== 'unchanged') steps.say(`${host}: ${action}`);
    const from = Date.now();
    let said = '';
    const files = next.hosts.find(({ name }) => name === host)?.files ?? new Map<string, string>();
    if (action === 'started') await lab.start([host]);
    else if (action === 'stopped') await lab.stop([host]);
    else if (action === 'restarted') await lab.restart(host, files);
    else if (action === 'reloaded') said = await lab.reload(host, files);
    const settled = action === 'unchanged' ? 0 : (Date.now() - begin) / 1000;
    applied.push({ host, action, took: (Date.now() - from) / 1000, settled, complaints: complaints(said) });
  }
  return applied;
}

/** What frr-reload, birdc and gobgp print is long; errors stand out. */
function complaints(said: string): readonly string[] {
  const lines = said.split('\n').map((line) => line.trim());
  return [
    ...new Set(lines.filter((line) => /error|fail|^%|refus|invalid/i.test(line) && !/no errors/i.test(line))),
  ].slice(0, 5);
}

type Connections = ReadonlyMap<string, ReadonlyMap<string, string>>;

async function connections(lab: LabFabric): Promise<Connections> {
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const [host, daemon] of lab.daemons) found.set(host, (await daemon.connections?.()) ?? new Map());
  return found;
}

function changed(
  before: ReadonlyMap<string, string> = new Map(),
  after: ReadonlyMap<string, string> = new Map(),
): Pick<RolledHost, 'reset' | 'added' | 'removed'> {
  const peers = [...before.keys()].sort();
  return {
    reset: peers.filter((peer) => after.has(peer) && after.get(peer) !== before.get(peer)),
    removed: peers.filter((peer) => !after.has(peer)),
    added: [...after.keys()].filter((peer) => !before.has(peer)).sort(),
  };
}

/** The containers of hosts that stay; without any, the hosts themselves. */
function endPoints(old: LabPlan, next: LabPlan): readonly EndPoint[] {
  const staying = old.hosts.filter(({ name }) => next.hosts.some((host) => host.name === name));
  const containers = staying.flatMap(({ name, containers: [container] = [] }) => {
    const address = container?.addresses[0]?.split('/')[0];
    return container && address !== undefined ? [{ host: name, inside: containerOf(name), address }] : [];
  });
  return containers.length > 1 ? containers : staying.flatMap(ownEnd);
}

/** The address of its loopback, else of its first interface. */
function ownEnd({ name, interfaces }: LabHost): readonly EndPoint[] {
  const sorted = [...interfaces].sort((a, b) => Number(b.name === 'lo') - Number(a.name === 'lo'));
  const address = sorted.flatMap(({ addresses }) => addresses)[0]?.text.split('/')[0];
  return address === undefined ? [] : [{ host: name, inside: name, address }];
}
