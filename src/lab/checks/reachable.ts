import type { Diagnostic } from '../../base/diagnostic.ts';
import { contains, parseAddress } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { ReachableAssertion, Target } from '../../simulator/checks/declared/types.ts';
import type { Lab } from '../run/run.ts';
import { forEachOf, type Ran } from '../shell.ts';
import type { Asked, AtRest } from './asked.ts';
import { addressesOf } from './sessions.ts';

/** Something to be reached; one of its addresses suffices. */
interface Goal {
  readonly text: string;
  readonly host: string | null;
  readonly addresses: readonly string[];
}

interface Try {
  readonly from: string;
  readonly goal: Goal;
}

/** More pings than this take longer than everything else. */
const MOST_PINGS = 2000;
const AT_ONCE = 12;

/** Real echo requests from every host (its container, where it has one) to every target; an answer shows both ways. */
export async function pinged(
  { from, to, back }: ReachableAssertion,
  source: SourceRange,
  { lab }: AtRest,
): Promise<Asked> {
  if (!back) return 'a ping shows the way there only together with the way back';
  const goals = to.flatMap((target) => goalsOf(lab, target));
  const lacking = goals.filter(({ addresses }) => addresses.length === 0);
  if (lacking.length > 0)
    return `no host of the lab has an address in ${lacking.map(({ text }) => text).join(', ')}`;
  const senders = from.names.filter((name) => lab.plan.hosts.some((host) => host.name === name));
  const tries = senders.flatMap((sender) =>
    goals.filter(({ host }) => host !== sender).map((goal): Try => ({ from: sender, goal })),
  );
  if (tries.length === 0) return 'none of its hosts is in the lab';
  if (tries.length > MOST_PINGS) return `${tries.length} pings are too many`;
  const failed = new Set<Try>();
  await forEachOf(tries, AT_ONCE, async (one) => {
    if (!(await reaches(lab, one))) failed.add(one);
  });
  return tries.filter((one) => failed.has(one)).map((one) => finding(one, source));
}

function goalsOf(lab: Lab, target: Target): readonly Goal[] {
  if (target.kind === 'hosts')
    return target.hosts.names
      .filter((name) => lab.plan.hosts.some((host) => host.name === name))
      .map((name) => ({ text: name, host: name, addresses: ofHost(lab, name) }));
  const all = lab.plan.hosts.map(({ name }) => ({ name, addresses: everyAddress(lab, name) }));
  const within = (text: string) => {
    if (target.kind === 'address') return text === target.address.text;
    const address = parseAddress(text);
    return address !== null && contains(target.prefix, address);
  };
  const found = all.flatMap(({ name, addresses }) =>
    addresses.filter(within).map((text) => ({ host: name, text })),
  );
  const [first] = found;
  return [{ text: target.text, host: first?.host ?? null, addresses: first ? [first.text] : [] }];
}

/** A host with a container stands for that; any other for itself. */
function ofHost(lab: Lab, name: string): readonly string[] {
  const container = lab.containers.get(name)?.addresses ?? [];
  return container.length > 0 ? container : [...addressesOf(lab.plan.hosts, name)];
}

function everyAddress(lab: Lab, name: string): readonly string[] {
  return [...(lab.containers.get(name)?.addresses ?? []), ...addressesOf(lab.plan.hosts, name)];
}

/** Twice before it counts as lost: the first packet may wait for a neighbor entry. */
async function reaches(lab: Lab, { from, goal }: Try): Promise<boolean> {
  const container = lab.containers.get(from);
  const exec = (words: readonly string[]): Promise<Ran> =>
    container ? container.exec('ping', words) : lab.fabric.namespaces.askExec(from, 'ping', words);
  const families = new Set(
    (container ? container.addresses : [...addressesOf(lab.plan.hosts, from)]).map(familyOf),
  );
  for (const address of goal.addresses.filter((one) => families.has(familyOf(one)))) {
    const words = [familyOf(address), '-c', '1', '-W', '2', address];
    if ((await exec(words)).code === 0 || (await exec(words)).code === 0) return true;
  }
  return false;
}

function familyOf(address: string): '-4' | '-6' {
  return address.includes(':') ? '-6' : '-4';
}

function finding({ from, goal }: Try, source: SourceRange): Diagnostic {
  const [address = ''] = goal.addresses;
  return {
    rule: 'check-reachable',
    severity: 'error',
    message: `traffic from ${from} to ${goal.text}${goal.host === null || goal.host === goal.text ? '' : ` of ${goal.host}`} is not answered: pings to ${address} are lost`,
    ranges: [source],
    host: from,
    found: 'no answer',
    expected: `${goal.text} is reached from ${from}`,
    fix: `ask fabricgen trace ${from} ${address} for every branch, and fabricgen lab run --keep for a closer look`,
  };
}
