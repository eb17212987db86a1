import type { PolicySet } from '../../model/policy.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { readCommunityLists, readPrefixLists, readRegexLists } from './lists.ts';
import { readRouteMaps } from './route-maps.ts';
import { oncePerValue, type Variable, type Variables } from './variables.ts';

/** A reader of all policy variables of a host; hosts share what they share through groups. */
export function policiesReader(read: AddressReader, findings: Findings): (vars: Variables) => PolicySet {
  const routeMaps = orNone(
    oncePerValue((v: Variable<Parameters<typeof readRouteMaps>[0]['value']>) =>
      readRouteMaps(v, read, findings),
    ),
  );
  const prefixLists = orNone(
    oncePerValue((v: Variable<Parameters<typeof readPrefixLists>[0]['value']>) =>
      readPrefixLists(v, read, findings),
    ),
  );
  const asPathLists = orNone(
    oncePerValue((v: Variable<Parameters<typeof readRegexLists>[0]['value']>) => readRegexLists(v, findings)),
  );
  const communityLists = orNone(
    oncePerValue((v: Variable<Parameters<typeof readCommunityLists>[0]['value']>) =>
      readCommunityLists(v, findings),
    ),
  );
  const largeCommunityLists = orNone(
    oncePerValue((v: Variable<Parameters<typeof readCommunityLists>[0]['value']>) =>
      readCommunityLists(v, findings),
    ),
  );
  return (vars) => ({
    routeMaps: routeMaps(vars.find('bgp_route_maps')),
    prefixLists: prefixLists(vars.find('bgp_prefix_lists')),
    asPathLists: asPathLists(vars.find('bgp_as_path_lists')),
    communityLists: communityLists(vars.find('bgp_community_lists')),
    largeCommunityLists: largeCommunityLists(vars.find('bgp_large_community_lists')),
  });
}

function orNone<T, R>(
  read: (variable: Variable<T>) => readonly R[],
): (variable: Variable<T> | null) => readonly R[] {
  return (variable) => (variable ? read(variable) : []);
}
