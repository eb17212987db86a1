import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceRange } from '../../base/source.ts';
import { judgeFacts } from '../../simulator/checks/declared/routes.ts';
import type { RouteExpectation, RoutesAssertion } from '../../simulator/checks/declared/types.ts';
import type { HostTables } from '../tables.ts';
import type { Asked, AtRest } from './asked.ts';
import { addressesOf } from './sessions.ts';

/** Every expected route is in the real table of its host; ExaBGP has none to be asked for. */
export function routesFound(
  { expectations, exactly }: RoutesAssertion,
  source: SourceRange,
  { lab, tables }: AtRest,
): Asked {
  const { hosts } = lab.plan;
  const silent = new Set(hosts.filter(({ daemon }) => daemon === 'exabgp').map(({ name }) => name));
  const asked = expectations.filter(({ host }) => tables[host] !== undefined && !silent.has(host));
  if (asked.length === 0 && exactly.every((host) => !tables[host]))
    return 'none of its hosts has a table here';
  const findings = asked.flatMap((expectation) => {
    const host = tables[expectation.host];
    const own = (from: string) => addressesOf(hosts, from);
    const from = (best: { readonly from: string }, name: string) =>
      best.from === name || (name === expectation.host ? best.from === '' : own(name).has(best.from));
    return host ? judgeFacts(expectation, factsOf(host, expectation), undefined, from) : [];
  });
  return [...findings, ...exactly.flatMap((host) => unexpected(host, tables[host], expectations, source))];
}

function factsOf({ bgp, kernel }: HostTables, { prefix }: RouteExpectation) {
  const used = (bgp[prefix.text] ?? [])
    .filter(({ best, multipath }) => best || multipath)
    .sort((a, b) => Number(b.best) - Number(a.best));
  return { used, via: kernel[prefix.text] ?? [...new Set(used.map(({ nextHop }) => nextHop))] };
}

function unexpected(
  host: string,
  tables: HostTables | undefined,
  expectations: readonly RouteExpectation[],
  source: SourceRange,
): readonly Diagnostic[] {
  const known = new Set(expectations.filter((one) => one.host === host).map(({ prefix }) => prefix.text));
  return Object.entries(tables?.kernel ?? {})
    .filter(([prefix]) => !known.has(prefix))
    .map(([prefix, via]) => ({
      rule: 'check-route',
      severity: 'error',
      message: `${host} has a route to ${prefix} that is not expected`,
      ranges: [source],
      host,
      found: `via ${via.join(', ')}`,
      expected: 'no route',
      fix: 'correct the configuration, or the check where the change is meant',
    }));
}
