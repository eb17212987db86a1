import { type Address, contains, parseAddress } from '../../base/ip.ts';
import { nameOf, someNames } from '../checks/names.ts';
import type { Masquerade } from '../kernel/network.ts';
import type { SimulationState } from '../state.ts';
import { destinationOf } from './destination.ts';
import { forward, type TraceBranch, type TraceHop } from './forward.ts';
import { ofInterface, sourceAddresses } from './source-address.ts';

/** A packet's source address is changed on the way (Docker's ip-masq). */
export interface Rewrite {
  readonly host: string;
  readonly interface: string;
  readonly before: string;
  readonly after: string;
}

/** One way with the source address that arrives at its end. */
export interface TracedBranch extends TraceBranch {
  readonly source: string;
  readonly rewrites: readonly Rewrite[];
}

/** Every way from one address to another. */
export interface Direction {
  readonly from: string;
  readonly source: string;
  /** Why that source: the interface, or the route that names it. */
  readonly sourceWhy: string;
  readonly to: string;
  readonly branches: readonly TracedBranch[];
  /** false: there are more ways than are listed. */
  readonly complete: boolean;
  /** Every way arrives. */
  readonly ok: boolean;
}

/** The answer to `fabricgen trace FROM TO`; printed as JSON it is version 1 of an API: fields are added, never changed. */
export interface Trace {
  readonly version: 1;
  /** Packets arrive on every way, and answers come back on every way. */
  readonly ok: boolean;
  /** One sentence. */
  readonly answer: string;
  /** One per source address the host may use (one for each way out). */
  readonly there: readonly Direction[];
  /** One per host and source address that arrived there. */
  readonly back: readonly Direction[];
  /** Do answers go through the same hosts? null: one direction fails. */
  readonly symmetric: boolean | null;
  /** A prefix on the way goes round in circles. */
  readonly unsettled: boolean;
}

/** Traces there and back. `source` null: the host sends the packets itself and chooses. */
export function trace(state: SimulationState, from: number, source: Address | null, address: Address): Trace {
  const there = directionsThere(state, from, source, address);
  const back = directionsBack(state, from, address, there);
  const ok = [...there, ...back].every((one) => one.ok);
  const symmetric = ok ? isSymmetric(there, back) : null;
  return {
    version: 1,
    ok,
    answer: answerOf(state, startText(state, from, source), address, there, back, symmetric),
    there,
    back,
    symmetric,
    unsettled: [...there, ...back].some((one) => goesInCircles(state, one)),
  };
}

function directionsThere(
  state: SimulationState,
  from: number,
  source: Address | null,
  to: Address,
): readonly Direction[] {
  const destination = destinationOf(state, to);
  const none = { address: null, why: 'no route' };
  const chosen = source
    ? [{ address: source, why: behind(state, from, source) }]
    : sourceAddresses(destination, from);
  return (chosen.length > 0 ? chosen : [none]).map(({ address, why }) => {
    const { branches, complete } = forward(state, nameOf(state, from), to);
    const own = branches.filter(
      ({ hops }) => source !== null || chosen.length < 2 || leavesWith(state, from, hops[0], to, address),
    );
    const traced = own.map((branch) => withRewrites(state, branch, address, to));
    return direction(state, from, address, why, to, traced, complete);
  });
}

/** A host with several ways out gives each packet the address of the interface it leaves by. */
function leavesWith(
  state: SimulationState,
  node: number,
  hop: TraceHop | undefined,
  to: Address,
  address: Address | null,
) {
  if (!hop || hop.interface === '') return true;
  const left = { interface: hop.interface, gateway: parseAddress(hop.gateway) };
  return ofInterface(state, node, left, to).address?.text === address?.text;
}

function behind(state: SimulationState, node: number, source: Address): string {
  const network = state.wiring.nodes[node]?.interfaces.find(({ addresses }) =>
    addresses.some((one) => contains(one.network, source)),
  );
  return network?.name ?? '';
}

function direction(
  state: SimulationState,
  from: number,
  source: Address | null,
  sourceWhy: string,
  to: Address,
  branches: readonly TracedBranch[],
  complete: boolean,
): Direction {
  return {
    from: nameOf(state, from),
    source: source?.text ?? '',
    sourceWhy,
    to: to.text,
    branches,
    complete,
    ok: source !== null && branches.length > 0 && branches.every(({ end }) => end === 'delivered'),
  };
}

/** What masquerading makes of the source on the way. */
function withRewrites(
  state: SimulationState,
  branch: TraceBranch,
  source: Address | null,
  to: Address,
): TracedBranch {
  const rewrites: Rewrite[] = [];
  let now = source;
  for (const hop of branch.hops) {
    const node = state.wiring.indexOf.get(hop.host) ?? -1;
    const rule = masqueradeFor(state, node, now, hop);
    if (!rule || !now) continue;
    const left = { interface: hop.interface, gateway: parseAddress(hop.gateway) };
    const { address: after } = ofInterface(state, node, left, to);
    rewrites.push({ host: hop.host, interface: hop.interface, before: now.text, after: after?.text ?? '' });
    now = after;
  }
  return { ...branch, source: now?.text ?? '', rewrites };
}

/** `-s NETWORK ! -o BRIDGE -j MASQUERADE`; nothing leaves by an interface on the last host. */
function masqueradeFor(
  { network }: SimulationState,
  node: number,
  source: Address | null,
  hop: TraceHop,
): Masquerade | null {
  if (source === null || hop.interface === '') return null;
  const rules = network.nodes[node]?.masquerades ?? [];
  return rules.find((rule) => rule.interface !== hop.interface && contains(rule.network, source)) ?? null;
}

/** Answers from every host where packets arrived to every source address that arrived there. */
function directionsBack(
  state: SimulationState,
  from: number,
  to: Address,
  there: readonly Direction[],
): readonly Direction[] {
  const ends = new Map<string, { readonly node: number; readonly source: Address; readonly home: number }>();
  for (const { end, hops, source, rewrites } of there.flatMap(({ branches }) => branches)) {
    const address = parseAddress(source);
    const node = state.wiring.indexOf.get(hops.at(-1)?.host ?? '');
    if (end !== 'delivered' || !address || node === undefined) continue;
    const home = state.wiring.indexOf.get(rewrites.at(-1)?.host ?? '') ?? from;
    ends.set(`${node} ${source}`, { node, source: address, home });
  }
  return [...ends.values()].map(({ node, source, home }) => {
    const { branches, complete } = forward(state, nameOf(state, node), source);
    const traced = branches.map((branch): TracedBranch => {
      const arrived = branch.hops.at(-1)?.host;
      const astray = branch.end === 'delivered' && arrived !== nameOf(state, home);
      const lost = {
        end: 'black-hole',
        why: `${arrived}: the answer is for ${nameOf(state, home)}`,
      } as const;
      return { ...branch, ...(astray ? lost : {}), source: to.text, rewrites: [] };
    });
    return direction(state, node, to, '', source, traced, complete);
  });
}

function isSymmetric(there: readonly Direction[], back: readonly Direction[]): boolean {
  const ways = (directions: readonly Direction[]) =>
    directions.flatMap(({ branches }) => branches.map(({ hops }) => hops.map(({ host }) => host)));
  const key = (hosts: readonly string[]) => hosts.join(' ');
  const out = new Set(ways(there).map(key));
  const home = new Set(ways(back).map((hosts) => key(hosts.toReversed())));
  return out.size === home.size && [...out].every((way) => home.has(way));
}

function goesInCircles(state: SimulationState, { branches }: Direction): boolean {
  const prefixes = new Set(branches.flatMap(({ hops }) => hops.map(({ prefix }) => prefix)));
  return Object.values(state.families).some(({ byText }) =>
    [...prefixes].some((prefix) => byText.get(prefix)?.oscillation != null),
  );
}

function answerOf(
  state: SimulationState,
  start: string,
  to: Address,
  there: readonly Direction[],
  back: readonly Direction[],
  symmetric: boolean | null,
): string {
  const owners = state.wiring.owners.get(to.text)?.map(({ node }) => node) ?? [];
  const target = owners.length > 0 ? `${to.text} (${someNames(state, [...new Set(owners)])})` : to.text;
  const failed = failure(there);
  if (failed) return `${start} does not reach ${target}: ${failed}`;
  const lost = failure(back);
  if (lost) {
    const { source, sourceWhy } =
      there.find((one) => back.some((way) => !way.ok && way.to === one.source)) ?? {};
    const where = source ? `answers to ${source} (${sourceWhy})` : 'answers';
    return `${start} reaches ${target}, but ${where} do not come back: ${lost}`;
  }
  const ways = `${waysText(there, 'there')}, ${waysText(back, 'back')}`;
  return `${start} reaches ${target} and answers come back: ${ways}, ${symmetric ? 'through the same hosts' : 'not through the same hosts'}`;
}

/** A host, or an address of its own or of a container behind it. */
function startText(state: SimulationState, from: number, source: Address | null): string {
  const name = nameOf(state, from);
  if (!source) return name;
  const own = state.wiring.owners.get(source.text)?.some(({ node }) => node === from);
  return own ? `${name} from ${source.text}` : `${source.text} behind ${name}`;
}

function waysText(directions: readonly Direction[], where: string): string {
  const number = directions.reduce((sum, { branches }) => sum + branches.length, 0);
  const more = directions.every(({ complete }) => complete) ? '' : 'more than ';
  return `${more}${number} ${number === 1 ? 'way' : 'ways'} ${where}`;
}

/** Why a direction fails, with how many of its ways do; null: none does. */
function failure(directions: readonly Direction[]): string | null {
  const branches = directions.flatMap((one) => one.branches);
  const lost = branches.filter(({ end }) => end !== 'delivered');
  const [first] = lost;
  if (!first) return directions.some(({ ok }) => !ok) ? 'there is no source address to send from' : null;
  const some = lost.length < branches.length ? `${lost.length} of ${branches.length} ways fail, ` : '';
  return `${some}${first.end === 'loop' ? 'going in a circle, ' : ''}${first.why}`;
}
