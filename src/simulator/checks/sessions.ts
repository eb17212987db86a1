import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { SimulationState } from '../state.ts';
import { nameOf } from './names.ts';
import { isFelt, remedyFor } from './session-remedies.ts';

/** Every configured session that is not shut down comes up; both ends of a broken one give one finding. */
export function checkSessions(state: SimulationState): readonly Diagnostic[] {
  // One pass: a large fabric makes a million ends for it.
  const worth = state.ends.filter((end) => (isDown(end) ? !end.config.shutdown : end.families.length === 0));
  const down = worth.filter(isDown);
  const findings: Diagnostic[] = [];
  const told = new Set<SessionEnd>();
  for (const end of down) {
    if (told.has(end)) continue;
    const other = down.find((one) => one !== end && !told.has(one) && isOtherEnd(end, one)) ?? null;
    told.add(end);
    if (other) told.add(other);
    findings.push(
      other && isFelt(end.reason) && !isFelt(other.reason)
        ? finding(state, other, end)
        : finding(state, end, other),
    );
  }
  const idle = worth.filter((end) => !isDown(end));
  return [...findings, ...idle.flatMap((end) => carriesNothing(state, end))];
}

function isDown({ state }: SessionEnd): boolean {
  return state !== 'Established';
}

/** GoBGP and ExaBGP hold a session that carries no family: it looks healthy. The end that comes first says it. */
function carriesNothing(state: SimulationState, end: SessionEnd): readonly Diagnostic[] {
  const other = end.other === null ? null : state.ends.at(end.other);
  if (!other || other.node < end.node) return [];
  const [host, far] = [nameOf(state, end.node), nameOf(state, other.node)];
  return [
    {
      rule: 'session-family-mismatch',
      severity: 'error',
      message: `the session from ${host} to ${far} comes up and carries no route: no address family is activated on both ends`,
      ranges: [end.config.source, other.config.source].filter((source) => source !== null),
      host,
      found: `${familiesOf(end)} here, ${familiesOf(other)} on ${far}`,
      expected: 'a family that both ends activate',
      fix: 'activate the same families on both ends',
    },
  ];
}

function familiesOf({ config }: SessionEnd): string {
  return Object.keys(config.families).join(' and ') || 'no family';
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
    fix: remedyFor(end, other),
  };
}
