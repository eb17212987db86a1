import { nearestName } from '../../base/nearest.ts';
import type { FailureKind } from '../checks/declared/types.ts';
import type { SimulationState } from '../state.ts';
import { advance } from '../timeline/advance.ts';
import type { Change } from '../timeline/change.ts';

/** One or several things that fail at once. */
export interface Failure {
  /** `link:l1`, `host:r2`, `session:r1-r3`; several joined by ` + `. */
  readonly text: string;
  readonly changes: readonly Change[];
  /** Hosts that are gone. */
  readonly hosts: readonly string[];
}

/** A name that `--fail` was given and the fabric does not have. */
export interface UnknownFailure {
  readonly text: string;
  readonly why: string;
  readonly expected: string;
  readonly nearest: string | null;
  /** Names that there are. */
  readonly known: readonly string[];
}

export function isUnknown(resolved: Failure | UnknownFailure): resolved is UnknownFailure {
  return 'why' in resolved;
}

/**
 * What a text of `--fail` means: `link:NAME` (a link of the topology, a segment), `link:A-B` (every link that both hosts are on),
 * `host:NAME`, `session:A-B` or `session:A-ADDRESS` (every session between the two).
 */
export function failureNamed(state: SimulationState, text: string): Failure | UnknownFailure {
  const [, kind = '', name = ''] = /^(link|host|session):(.+)$/.exec(text) ?? [];
  const failure = { text, hosts: [] };
  switch (kind) {
    case 'link': {
      const links = linksNamed(state, name);
      if (typeof links === 'string')
        return unknown(text, links, 'link:NAME or link:HOST1-HOST2', linkNames(state), name);
      return { ...failure, changes: links.map((link) => ({ kind: 'link-down', link })) };
    }
    case 'host': {
      const known = state.wiring.indexOf.has(name);
      if (!known) return unknown(text, `there is no host ${name}`, 'host:NAME', hostNames(state), name);
      return { text, hosts: [name], changes: [{ kind: 'host-down', host: name }] };
    }
    case 'session': {
      const between = sessionNamed(state, name);
      if (typeof between === 'string') {
        return unknown(text, between, 'session:HOST1-HOST2 or session:HOST-ADDRESS', pairNames(state), name);
      }
      return { ...failure, changes: [{ kind: 'session-down', between }] };
    }
    default:
      return unknownKind(text);
  }
}

const KINDS = ['link:', 'host:', 'session:'];

function unknownKind(text: string): UnknownFailure {
  const [, kind = '', name = ''] = /^([^:]*:?)(.*)$/.exec(text) ?? [];
  const meant = name === '' ? null : nearestName(kind, KINDS);
  return {
    text,
    why: 'it does not say what fails',
    expected: 'link:NAME, host:NAME or session:HOST1-HOST2',
    nearest: meant === null ? null : `${meant}${name}`,
    known: KINDS,
  };
}

function unknown(
  text: string,
  why: string,
  expected: string,
  candidates: Iterable<string>,
  name: string,
): UnknownFailure {
  const known = [...candidates];
  return { text, why, expected, nearest: nearestName(name, known), known };
}

function linksNamed(state: SimulationState, name: string): readonly string[] | string {
  const { links } = state.wiring;
  if (links.has(name)) return [name];
  const hosts = cutBetween(state, name);
  if (!hosts) return `there is no link ${name}`;
  const shared = [...links].filter(([, attached]) =>
    hosts.every((host) => attached.some(({ node }) => node === state.wiring.indexOf.get(host))),
  );
  return shared.length > 0 ? shared.map(([link]) => link) : `${hosts[0]} and ${hosts[1]} share no link`;
}

/** `r1-r2` as two hosts, wherever the hyphen between the names is. */
function cutBetween({ wiring }: SimulationState, name: string): readonly [string, string] | null {
  for (let at = name.indexOf('-'); at >= 0; at = name.indexOf('-', at + 1)) {
    const [a, b] = [name.slice(0, at), name.slice(at + 1)];
    if (wiring.indexOf.has(a) && wiring.indexOf.has(b)) return [a, b];
  }
  return null;
}

function sessionNamed(state: SimulationState, name: string): readonly [string, string] | string {
  const hosts = cutBetween(state, name);
  if (hosts) {
    const [a, b] = hosts.map((host) => state.wiring.indexOf.get(host));
    const there = state.ends.some((end) => end.node === a && end.peerNode === b);
    return there || state.ends.some((end) => end.node === b && end.peerNode === a)
      ? hosts
      : `${hosts[0]} and ${hosts[1]} have no session`;
  }
  for (const end of state.ends) {
    const host = hostOf(state, end.node);
    const peer = end.peerAddress?.text ?? end.config.interface;
    if (end.peerNode !== null && name === `${host}-${peer}`) return [host, hostOf(state, end.peerNode)];
  }
  return `there is no session ${name}`;
}

function hostOf({ network }: SimulationState, node: number): string {
  return network.nodes[node]?.name ?? '';
}

function hostNames({ network }: SimulationState): readonly string[] {
  return network.nodes.map(({ name }) => name);
}

function linkNames({ wiring }: SimulationState): readonly string[] {
  return [...wiring.links.keys()];
}

/** Every pair of hosts with an established session, each once, as `a-b` in the order of the network. */
function pairNames(state: SimulationState): readonly string[] {
  const pairs = new Set<string>();
  for (const { node, peerNode, state: now } of state.ends) {
    if (now !== 'Established' || peerNode === null || node === peerNode) continue;
    const [a, b] = node < peerNode ? [node, peerNode] : [peerNode, node];
    pairs.add(`${hostOf(state, a)}-${hostOf(state, b)}`);
  }
  return [...pairs];
}

/** Everything of these kinds that can fail: links with two ends, hosts with a routing daemon, pairs with a session. */
export function allFailures(state: SimulationState, kinds: readonly FailureKind[]): readonly Failure[] {
  const texts: Readonly<Record<FailureKind, () => readonly string[]>> = {
    links: () =>
      [...state.wiring.links].flatMap(([link, attached]) => (attached.length > 1 ? [`link:${link}`] : [])),
    hosts: () => hostNames(state).flatMap((name, node) => (state.routers[node] ? [`host:${name}`] : [])),
    sessions: () => pairNames(state).map((name) => `session:${name}`),
  };
  return kinds.flatMap((kind) =>
    texts[kind]()
      .map((text) => failureNamed(state, text))
      .flatMap((one) => (isUnknown(one) ? [] : [one])),
  );
}

/** Combinations beyond this are left out, and counted; in a large fabric fewer are tried. */
const MAX_COMBINATIONS = 2000;
const MIN_COMBINATIONS = 100;
/** Session ends times prefixes, over all combinations. */
const MAX_WORK = 2e8;

function mostCombinations({ ends, families }: SimulationState): number {
  const prefixes = Object.values(families).reduce((sum, family) => sum + family.prefixes.length, 0);
  const fitting = Math.floor(MAX_WORK / Math.max(1, ends.length * prefixes));
  return Math.min(MAX_COMBINATIONS, Math.max(MIN_COMBINATIONS, fitting));
}

/** Every `size` of the failures at once, in order; how many were left out for being too many. */
export function combinations(
  state: SimulationState,
  failures: readonly Failure[],
  size: number,
): { readonly failures: readonly Failure[]; readonly leftOut: number } {
  if (size === 1) return { failures, leftOut: 0 };
  const most = mostCombinations(state);
  const chosen: Failure[] = [];
  const choose = (from: number, parts: readonly Failure[]): void => {
    if (chosen.length >= most) return;
    if (parts.length === size) {
      chosen.push(together(parts));
      return;
    }
    for (let at = from; at < failures.length && chosen.length < most; at++) {
      const next = failures[at];
      if (next) choose(at + 1, [...parts, next]);
    }
  };
  choose(0, []);
  return { failures: chosen, leftOut: Math.max(0, choices(failures.length, size) - chosen.length) };
}

/** n over k. */
function choices(n: number, k: number): number {
  let count = 1;
  for (let i = 0; i < k; i++) count = (count * (n - i)) / (i + 1);
  return Math.round(count);
}

/** Several failures as one. */
export function together(parts: readonly Failure[]): Failure {
  return {
    text: parts.map(({ text }) => text).join(' + '),
    changes: parts.flatMap(({ changes }) => changes),
    hosts: parts.flatMap(({ hosts }) => hosts),
  };
}

/** The fabric after the failure, once everything has been noticed and has settled; it starts from the converged state. */
export function afterFailure(state: SimulationState, { changes }: Failure): SimulationState {
  return advance(state, changes);
}
