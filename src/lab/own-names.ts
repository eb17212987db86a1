import type { LinkLocals } from './kernel-tables.ts';
import { type HostTables, sortedPaths } from './tables.ts';
import type { LabHost } from './wiring.ts';

/** How one host's tables name link-local addresses, which are drawn anew at every start. */
export interface OwnNames {
  /** A next hop: the other address of the interface that has it, else the own interface towards it. */
  readonly nextHop: (address: string) => string;
  /** A neighbour: the own interface towards it, as an unnumbered session is named. */
  readonly neighbor: (address: string) => string;
}

export function ownNames(host: string, hosts: readonly LabHost[], locals: LinkLocals): OwnNames {
  const towards = (address: string): string => {
    const owner = locals.get(address);
    const link = owner && linkOf(hosts, owner.host, owner.interface);
    const own = hosts
      .find(({ name }) => name === host)
      ?.interfaces.find((one) => typeof link === 'string' && one.link === link);
    return own?.name ?? address;
  };
  return { nextHop: (address) => locals.get(address)?.other ?? towards(address), neighbor: towards };
}

function linkOf(hosts: readonly LabHost[], host: string, device: string): string | null | undefined {
  return hosts.find(({ name }) => name === host)?.interfaces.find(({ name }) => name === device)?.link;
}

/** BGP tables with these names; a neighbour that its session names by a link-local address keeps it. */
export function withOwnNames(
  { bgp, sessions }: Pick<HostTables, 'bgp' | 'sessions'>,
  { nextHop, neighbor }: OwnNames,
): HostTables['bgp'] {
  const named = new Set(sessions.map(({ peer }) => peer));
  return Object.fromEntries(
    Object.entries(bgp).map(([prefix, paths]) => [
      prefix,
      sortedPaths(
        paths.map((path) => ({
          ...path,
          nextHop: nextHop(path.nextHop),
          from: named.has(path.from) ? path.from : neighbor(path.from),
        })),
      ),
    ]),
  );
}
