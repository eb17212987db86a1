import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceRange } from '../../base/source.ts';
import type { SessionName, SessionsAssertion } from '../../simulator/checks/declared/types.ts';
import type { LabHost } from '../wiring.ts';
import type { AtRest } from './asked.ts';

interface End {
  readonly host: string;
  readonly peer: string;
  readonly up: boolean;
}

/** Sessions that must be established are, and those that must not be are not, as the daemons say. */
export function sessionsFound(
  { up, down }: SessionsAssertion,
  source: SourceRange,
  { lab, tables, expectation }: AtRest,
): readonly Diagnostic[] {
  const { hosts } = lab.plan;
  const ends = Object.entries(tables).flatMap(([host, { sessions }]) =>
    sessions.map(({ peer, state }): End => ({ host, peer, up: state === 'Established' })),
  );
  const expectedDown = new Set(down.flatMap((name) => endsNamed(ends, hosts, name)));
  const findings: Diagnostic[] = [];
  if (up === null)
    for (const end of ends) {
      if (end.up || expectedDown.has(end) || expectation.shutDown.has(`${end.host} ${end.peer}`)) continue;
      findings.push(finding(end, hosts, source));
    }
  for (const name of up ?? []) {
    const [failed] = endsNamed(ends, hosts, name).filter((end) => !end.up);
    if (failed) findings.push(finding(failed, hosts, name.source));
  }
  for (const name of down) {
    const [established] = endsNamed(ends, hosts, name).filter((end) => end.up);
    if (established) findings.push(finding(established, hosts, name.source));
  }
  return findings;
}

/** Seen from either host; `peer` is a host or an address. */
function endsNamed(
  ends: readonly End[],
  hosts: readonly LabHost[],
  { host, peer }: SessionName,
): readonly End[] {
  const [own, others] = [addressesOf(hosts, host), addressesOf(hosts, peer)];
  return ends.filter(
    (end) =>
      (end.host === host && (end.peer === peer || others.has(end.peer))) ||
      (end.host === peer && own.has(end.peer)) ||
      (others.size === 0 && own.has(end.peer) && addressesOf(hosts, end.host).has(peer)),
  );
}

/** Addresses of a host; empty where there is none of this name. */
export function addressesOf(hosts: readonly LabHost[], name: string): ReadonlySet<string> {
  const interfaces = hosts.find((one) => one.name === name)?.interfaces ?? [];
  return new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address.text)));
}

function finding({ host, peer, up }: End, hosts: readonly LabHost[], source: SourceRange): Diagnostic {
  const other = hosts.find(({ name }) => addressesOf(hosts, name).has(peer))?.name ?? peer;
  return {
    rule: 'check-sessions',
    severity: 'error',
    message: `the session from ${host} to ${other} is ${up ? 'established and should be down' : 'down on the real daemons'}`,
    ranges: [source],
    host,
    found: up ? 'Established' : 'down',
    expected: up ? 'down' : 'Established',
    fix: up
      ? 'shut the session down, or take it out of down'
      : 'make both ends agree, or list the session under down',
  };
}
