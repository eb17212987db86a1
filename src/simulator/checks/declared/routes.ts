import type { Diagnostic } from '../../../base/diagnostic.ts';
import { familyNames } from '../../../base/family.ts';
import { comparePrefixes, type Prefix } from '../../../base/ip.ts';
import { hopNames } from '../../kernel/fib.ts';
import { holdPrefix } from '../../result/hosts.ts';
import { pathResults } from '../../result/path-results.ts';
import type { PathResult } from '../../result/result.ts';
import type { SimulationState } from '../../state.ts';
import { nameOf } from '../names.ts';
import { tableOf } from './context.ts';
import type { DeclaredCheck, RouteExpectation, RoutesAssertion } from './types.ts';
import { type Reason, whyMissing } from './why.ts';

export type UsedPath = Pick<PathResult, 'asPath' | 'from'>;

/** What a host has for a prefix, as the checks see it. */
export interface RouteFacts {
  /** The paths used together, best first; empty: no route. */
  readonly used: readonly UsedPath[];
  /** The kernel's next hops; those of the paths used where the host installs nothing for it. */
  readonly via: readonly string[];
}

/** Holds every expected route against the tables, prefix by prefix, so that each is converged again only once. */
export function checkRoutes(
  state: SimulationState,
  { source }: DeclaredCheck,
  { expectations, exactly }: RoutesAssertion,
): readonly Diagnostic[] {
  const findings = new Map<RouteExpectation, readonly Diagnostic[]>();
  let held: string | null = null;
  let explained = 0;
  for (const expectation of expectations.toSorted((a, b) => comparePrefixes(a.prefix, b.prefix))) {
    const { prefix, host } = expectation;
    const node = state.wiring.indexOf.get(host);
    if (node === undefined || kernelHasIt(state, node, expectation)) continue;
    if (held !== prefix.text) hold(state, prefix);
    held = prefix.text;
    const facts = factsAt(state, node, prefix);
    const missing = expectation.present && facts.used.length === 0;
    const found = judge(state, expectation, facts, node, missing && explained++ < MAX_EXPLAINED);
    if (found.length > 0) findings.set(expectation, found);
    // Explaining a missing route holds other tables.
    if (found.length > 0) held = null;
  }
  return [
    ...expectations.flatMap((expectation) => findings.get(expectation) ?? []),
    ...(exactly.length > 0 ? unexpectedRoutes(state, exactly, expectations, source) : []),
  ];
}

/** Missing routes that are explained; more of one check have the same causes. */
const MAX_EXPLAINED = 50;

function plainly(host: string, prefix: Prefix): Reason {
  return { text: `${host} has no route to ${prefix.text}`, sources: [] };
}

/** The quick answer for the usual expectation (only `via`), from what is kept. */
function kernelHasIt(state: SimulationState, node: number, expectation: RouteExpectation): boolean {
  const { prefix, present, via, paths, asPath, from } = expectation;
  if (!present || paths !== undefined || asPath !== undefined || from !== undefined) return false;
  const { kept, familyState } = tableOf(state, prefix);
  const hops = kept?.fib.at(node);
  if (!hops) return false;
  return via === undefined || sameSet(via, hopNames(familyState.hopSets.sets[hops] ?? []));
}

function hold(state: SimulationState, prefix: Prefix): void {
  const { familyState, kept } = tableOf(state, prefix);
  if (kept) holdPrefix(state, familyState, kept);
}

/** Reads the facts off the engine, which holds the prefix. */
export function factsAt(state: SimulationState, node: number, prefix: Prefix): RouteFacts {
  const { familyState, kept } = tableOf(state, prefix);
  if (!kept) return { used: [], via: [] };
  const paths = pathResults(familyState.engine, node, familyState.family);
  const used = paths.filter(({ best, multipath }) => best || multipath);
  const installed = kept.fib.at(node);
  const via = installed
    ? hopNames(familyState.hopSets.sets[installed] ?? [])
    : [...new Set(used.map(({ nextHop }) => nextHop))];
  return { used, via };
}

function judge(
  state: SimulationState,
  expectation: RouteExpectation,
  facts: RouteFacts,
  node: number,
  explain: boolean,
): readonly Diagnostic[] {
  const { host, prefix } = expectation;
  const missing = () => (explain ? whyMissing(state, host, prefix) : plainly(host, prefix));
  return judgeFacts(expectation, facts, missing, (best, from) => comesFrom(state, node, best, from));
}

/** Holds what a host has, wherever that was read, against what is expected of it; `comesFrom`: is the path from this address or host? */
export function judgeFacts(
  expectation: RouteExpectation,
  { used, via }: RouteFacts,
  missing: () => Reason = () => plainly(expectation.host, expectation.prefix),
  comesFrom: (best: UsedPath, from: string) => boolean = (best, from) => best.from === from,
): readonly Diagnostic[] {
  const { host, prefix, present, source } = expectation;
  const [best] = used;
  if (!present) {
    if (!best) return [];
    const from = best.from === '' ? 'it announces it itself' : `from ${best.from}`;
    return [
      wrong(
        source,
        host,
        `${host} has a route to ${prefix.text}`,
        `via ${via.join(', ')} (${from})`,
        'no route',
      ),
    ];
  }
  if (!best) {
    const why = missing();
    const found = wrong(source, host, why.text, 'no route', wanted(expectation));
    return [why.sources.length > 0 ? { ...found, related: why.sources } : found];
  }
  const findings: Diagnostic[] = [];
  const differs = (what: string, found: string, expected: string) =>
    findings.push(wrong(source, host, `${host} has ${prefix.text} ${what}`, found, expected));
  if (expectation.via && !sameSet(expectation.via, via))
    differs(
      `via ${via.join(', ')}, not via ${expectation.via.join(', ')}`,
      via.join(', '),
      expectation.via.join(', '),
    );
  if (expectation.paths !== undefined && expectation.paths !== used.length)
    differs(
      `on ${used.length} paths, not on ${expectation.paths}`,
      String(used.length),
      String(expectation.paths),
    );
  if (expectation.asPath !== undefined && expectation.asPath !== best.asPath)
    differs(
      `with the AS path "${best.asPath}", not "${expectation.asPath}"`,
      best.asPath,
      expectation.asPath,
    );
  if (expectation.from !== undefined && !comesFrom(best, expectation.from))
    differs(`from ${best.from || 'itself'}, not from ${expectation.from}`, best.from, expectation.from);
  return findings;
}

/** `from` names the peer's address or its host. */
function comesFrom(state: SimulationState, node: number, best: UsedPath, from: string): boolean {
  if (best.from === from) return true;
  const host = state.wiring.indexOf.get(from);
  if (host === undefined) return false;
  if (host === node) return best.from === '';
  return state.ends.some(
    (end) =>
      end.node === node &&
      end.peerNode === host &&
      (end.peerAddress?.text === best.from || end.config.interface === best.from),
  );
}

function wanted({ via, paths }: RouteExpectation): string {
  if (via) return `via ${via.join(', ')}`;
  return paths === undefined ? 'a route' : `${paths} paths`;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}

function unexpectedRoutes(
  state: SimulationState,
  exactly: readonly string[],
  expectations: readonly RouteExpectation[],
  source: DeclaredCheck['source'],
): readonly Diagnostic[] {
  const expected = new Map(exactly.map((host) => [host, new Set<string>()]));
  for (const { host, prefix } of expectations) expected.get(host)?.add(prefix.text);
  return [...expected].flatMap(([host, known]) => unexpected(state, host, known, source));
}

/** BGP routes in the kernel of the host that nobody expects. */
function unexpected(
  state: SimulationState,
  host: string,
  known: ReadonlySet<string>,
  source: DeclaredCheck['source'],
): readonly Diagnostic[] {
  const node = state.wiring.indexOf.get(host);
  if (node === undefined) return [];
  return familyNames.flatMap((family) => {
    const { prefixes, hopSets } = state.families[family];
    return prefixes.flatMap(({ prefix, fib }) => {
      const hops = fib.at(node);
      if (!hops || known.has(prefix.text)) return [];
      const via = hopNames(hopSets.sets[hops] ?? []).join(', ');
      return [
        wrong(
          source,
          host,
          `${nameOf(state, node)} has a route to ${prefix.text} that is not expected`,
          `via ${via}`,
          'no route',
        ),
      ];
    });
  });
}

function wrong(
  source: DeclaredCheck['source'],
  host: string,
  message: string,
  found: string,
  expected: string,
): Diagnostic {
  return {
    rule: 'check-route',
    severity: 'error',
    message,
    ranges: [source],
    host,
    found: found === '' ? 'empty' : found,
    expected: expected === '' ? 'empty' : expected,
    fix: 'correct the configuration, or the check where the change is meant (fabricgen check --record writes the state of today)',
  };
}
