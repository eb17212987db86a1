import { compareAddresses, comparePrefixes } from '../../base/ip.ts';
import type { StaticRoute } from '../../model/fabric.ts';
import type { HostVars } from '../schema/host-vars.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { oncePerValue, placeIn, type Variable, type Variables } from './variables.ts';

type Routes = NonNullable<HostVars['net_routes']>;

/** A reader of `net_routes`; the routes come in the order the daemon prints them. */
export function staticsReader(read: AddressReader, findings: Findings): (vars: Variables) => StaticRoute[] {
  const routes = oncePerValue((variable: Variable<Routes>) =>
    variable.value
      .map((route, index) => staticRoute(route, index, variable, read, findings))
      .filter((route) => route !== null)
      .sort(compareStatics),
  );
  return (vars) => {
    const variable = vars.find('net_routes');
    return variable ? routes(variable) : [];
  };
}

function staticRoute(
  route: Routes[number],
  index: number,
  variable: Variable<Routes>,
  read: AddressReader,
  findings: Findings,
): StaticRoute | null {
  const at = (key: string) => placeIn(variable, index, key);
  const prefix = read.prefix(route.prefix, { what: `prefix of net_routes[${index}]`, source: at('prefix') });
  const blackhole = route.blackhole ?? false;
  const hasWay = route.via !== undefined || route.interface !== undefined;
  if (hasWay === blackhole) {
    findings.error({
      rule: 'invalid-value',
      message: `net_routes[${index}] to ${route.prefix} ${hasWay ? 'both forwards and discards' : 'leads nowhere'}`,
      ranges: [placeIn(variable, index)],
      expected: 'via, interface, or blackhole: true',
      fix: hasWay ? 'remove blackhole, or via and interface' : 'add via, interface, or blackhole: true',
    });
    return null;
  }
  if (!prefix) return null;
  const via =
    route.via === undefined
      ? null
      : read.address(route.via, { what: `via of net_routes[${index}]`, source: at('via') }, prefix.family);
  if (route.via !== undefined && !via) return null;
  return {
    prefix,
    via,
    interface: route.interface ?? null,
    blackhole,
    distance: route.distance ?? null,
    tag: route.tag ?? null,
    source: placeIn(variable, index),
  };
}

function compareStatics(a: StaticRoute, b: StaticRoute): number {
  const byPrefix = comparePrefixes(a.prefix, b.prefix);
  if (byPrefix !== 0) return byPrefix;
  if (a.via && b.via) return compareAddresses(a.via, b.via);
  return Number(a.via === null) - Number(b.via === null);
}
