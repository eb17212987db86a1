import type { FabricTables, HostTables, TablePath } from '../tables.ts';

/**
 * FRR settles a tie of eBGP paths by age, and which of two neighbors that come up together is the older one nobody can say
 * beforehand. Where real and simulated tables use the same several paths together and differ in nothing but which of them is
 * called best, the real choice is taken for the simulated one; wherever anything else differs the tables stay as they are.
 */
export function modAge(real: FabricTables, simulated: FabricTables): FabricTables {
  return Object.fromEntries(
    Object.entries(real).map(([host, tables]): [string, HostTables] => [
      host,
      {
        ...tables,
        bgp: Object.fromEntries(
          Object.entries(tables.bgp).map(([prefix, paths]) => [
            prefix,
            modAgePaths(paths, simulated[host]?.bgp[prefix] ?? []),
          ]),
        ),
      },
    ]),
  );
}

function modAgePaths(real: readonly TablePath[], simulated: readonly TablePath[]): readonly TablePath[] {
  const [ours, theirs] = [bestOf(real), bestOf(simulated)];
  if (ours.length !== 1 || theirs.length !== 1) return real;
  // Both are paths from a peer, used together with others, by both.
  const tied = [...ours, ...theirs].every(({ multipath, from }) => multipath && from !== '');
  return tied && JSON.stringify(withoutBest(real)) === JSON.stringify(withoutBest(simulated))
    ? simulated
    : real;
}

function bestOf(paths: readonly TablePath[]): readonly TablePath[] {
  return paths.filter(({ best }) => best);
}

function withoutBest(paths: readonly TablePath[]) {
  return paths.map((path) => ({ ...path, best: false }));
}
