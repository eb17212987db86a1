import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { SessionEnd } from '../../sessions/sessions.ts';
import type { SimulationState } from '../../state.ts';
import { nameOf } from '../names.ts';
import type { DeclaredCheck, SessionName, SessionsAssertion } from './types.ts';

/** Sessions that must be established are, and those that must not be are not. */
export function checkDeclaredSessions(
  state: SimulationState,
  { source }: DeclaredCheck,
  { up, down }: SessionsAssertion,
): readonly Diagnostic[] {
  const expectedDown = new Set(down.flatMap((name) => endsNamed(state, name)));
  const findings: Diagnostic[] = [];
  if (up === null) {
    const told = new Set<string>();
    for (const end of state.ends) {
      if (end.state === 'Established' || end.config.shutdown || expectedDown.has(end)) continue;
      const key = [nameOf(state, end.node), peerText(state, end)].sort().join(' ');
      if (!told.has(key)) findings.push(notUp(state, end, source));
      told.add(key);
    }
  }
  for (const name of up ?? []) {
    const named = endsNamed(state, name);
    const first = named.find((end) => end.state !== 'Established');
    if (first) findings.push(notUp(state, first, name.source));
    else if (named.length === 0) findings.push(notThere(name));
  }
  for (const name of down) {
    const [established] = endsNamed(state, name).filter((end) => end.state === 'Established');
    if (established) findings.push(notDown(state, established, name.source));
    // Two hosts may well have none; anything else has to be a neighbor, or the check is about nothing.
    const isHost = state.wiring.indexOf.has(name.peer);
    if (!isHost && endsNamed(state, name).length === 0) findings.push(notThere(name));
  }
  return findings;
}

/** Every end of the sessions that a name means, seen from either host. */
export function endsNamed(
  { ends, wiring, network }: SimulationState,
  { host, peer }: Pick<SessionName, 'host' | 'peer'>,
): readonly SessionEnd[] {
  const node = wiring.indexOf.get(host);
  const other = wiring.indexOf.get(peer);
  const all = ends.all();
  const named = all.filter((end) => {
    if (end.node === node) {
      if (other !== undefined) return end.peerNode === other;
      return end.peerAddress?.text === peer || end.config.interface === peer;
    }
    return other !== undefined && end.node === other && end.peerNode === node;
  });
  if (other !== undefined || network.nodes.length === 0) return named;
  const far = named.flatMap(({ other: place }) => (place === null ? [] : (all[place] ?? [])));
  return [...new Set([...named, ...far])];
}

function peerText(state: SimulationState, { peerNode, peerAddress, config }: SessionEnd): string {
  return peerNode === null ? (peerAddress?.text ?? config.interface ?? '') : nameOf(state, peerNode);
}

function notThere({ host, peer, source }: SessionName): Diagnostic {
  return {
    rule: 'check-sessions',
    severity: 'error',
    message: `${host} and ${peer} have no session: no neighbor is configured on either of them`,
    ranges: [source],
    host,
    found: 'no session',
    expected: 'a session between them',
    fix: 'configure the neighbor, or correct the name (HOST-HOST, HOST-ADDRESS or HOST-INTERFACE)',
  };
}

function notUp(state: SimulationState, end: SessionEnd, source: SourceRange): Diagnostic {
  const host = nameOf(state, end.node);
  return {
    rule: 'check-sessions',
    severity: 'error',
    message: `the session from ${host} to ${peerText(state, end)} is ${end.state}: ${end.reason}`,
    ranges: [source],
    ...(end.config.source ? { related: [{ ...end.config.source, note: 'configured here' }] } : {}),
    host,
    found: `${end.state}: ${end.reason}`,
    expected: 'Established',
    fix: 'make both ends agree, or list the session under down',
  };
}

function notDown(state: SimulationState, end: SessionEnd, source: SourceRange): Diagnostic {
  const host = nameOf(state, end.node);
  return {
    rule: 'check-sessions',
    severity: 'error',
    message: `the session from ${host} to ${peerText(state, end)} is established and should be down`,
    ranges: [source],
    ...(end.config.source ? { related: [{ ...end.config.source, note: 'configured here' }] } : {}),
    host,
    found: 'Established',
    expected: 'down',
    fix: 'shut the session down, or take it out of down',
  };
}
