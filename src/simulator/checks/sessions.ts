import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SessionEnd } from '../sessions.ts';
import type { SimulationState } from '../state.ts';
import { nameOf } from './names.ts';

/** Every configured session that is not shut down comes up; both ends of a broken one give one finding. */
export function checkSessions(state: SimulationState): readonly Diagnostic[] {
  const down = state.ends.filter((end) => end.state !== 'Established' && !end.config.shutdown);
  const findings: Diagnostic[] = [];
  const told = new Set<SessionEnd>();
  for (const end of down) {
    if (told.has(end)) continue;
    const other = down.find((one) => one !== end && !told.has(one) && isOtherEnd(end, one)) ?? null;
    told.add(end);
    if (other) told.add(other);
    findings.push(finding(state, end, other));
  }
  return findings;
}

function isOtherEnd(end: SessionEnd, other: SessionEnd): boolean {
  return end.peerNode === other.node && other.peerNode === end.node && sameFamily(end, other);
}

function sameFamily(end: SessionEnd, other: SessionEnd): boolean {
  return end.peerAddress?.family === other.peerAddress?.family;
}

function finding(state: SimulationState, end: SessionEnd, other: SessionEnd | null): Diagnostic {
  const host = nameOf(state, end.node);
  const peer = end.peerAddress?.text ?? end.config.interface ?? '';
  const far = end.peerNode === null ? peer : `${nameOf(state, end.peerNode)} (${peer})`;
  const there =
    other && other.reason !== end.reason ? `; ${nameOf(state, other.node)} says: ${other.reason}` : '';
  const sources = [end.config.source, other?.config.source ?? null].filter((source) => source !== null);
  if (end.flaps) {
    return {
      rule: 'session-flaps',
      severity: 'error',
      message: `the session from ${host} to ${far} ends whenever it comes up, without an end: ${end.reason}`,
      ranges: [...end.flaps, ...sources],
      host,
      found: end.state,
      expected: 'Established',
      fix: 'change the line that brings it about; the page of the rule says how',
    };
  }
  return {
    rule: 'session-down',
    severity: 'error',
    message: `the session from ${host} to ${far} does not come up: ${end.reason}${there}`,
    ranges: sources,
    host,
    found: end.state,
    expected: 'Established',
    fix: 'make both ends agree on addresses, AS numbers, families and password, or shut the session down on purpose',
  };
}
