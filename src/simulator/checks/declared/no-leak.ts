import type { Diagnostic } from '../../../base/diagnostic.ts';
import { familyNames } from '../../../base/family.ts';
import { contains } from '../../../base/ip.ts';
import { holdPrefix } from '../../result/hosts.ts';
import type { FamilyState, PrefixState, SimulationState } from '../../state.ts';
import { hostOf } from '../../table/beside.ts';
import { nameOf, someNames } from '../names.ts';
import { nodesOf } from './context.ts';
import type { DeclaredCheck, NoLeakAssertion } from './types.ts';

/** No prefix that must stay inside is in a table beyond the border, or on its way there. */
export function checkNoLeak(
  state: SimulationState,
  { source }: DeclaredCheck,
  assertion: NoLeakAssertion,
): readonly Diagnostic[] {
  const { prefixes, notIn, notSentTo } = assertion;
  const beyond = nodesOf(state, notIn?.names ?? []);
  const receivers = new Set(nodesOf(state, notSentTo.hosts?.names ?? []));
  const peers = new Set(notSentTo.peers);
  const unknown = notSentTo.peers.filter((peer) => !state.ends.some((end) => end.peerAddress?.text === peer));
  const leaks = familyNames.flatMap((family) => {
    const familyState = state.families[family];
    const inside = familyState.prefixes.filter(({ prefix }) =>
      prefixes.some((outer) => contains(outer, prefix)),
    );
    return inside.flatMap((kept) => {
      holdPrefix(state, familyState, kept);
      return [
        ...inTables(state, familyState, kept, beyond, source),
        ...onTheWay(state, familyState, kept, receivers, peers, source),
      ];
    });
  });
  return [...unknown.map((peer) => noSuchPeer(peer, source)), ...leaks];
}

/** Nobody has a session over this border. It may be kept clean for the day somebody has; it may also be a slip of the pen. */
function noSuchPeer(peer: string, source: DeclaredCheck['source']): Diagnostic {
  return {
    rule: 'check-leak',
    severity: 'warning',
    message: `no host has a neighbor ${peer}: nothing is sent there anyway`,
    ranges: [source],
    found: peer,
    expected: 'the address of a neighbor',
    fix: 'correct the address under not_sent_to, or leave it as a guard against a session to come',
  };
}

function inTables(
  state: SimulationState,
  { engine }: FamilyState,
  { prefix, origins }: PrefixState,
  beyond: readonly number[],
  source: DeclaredCheck['source'],
): readonly Diagnostic[] {
  const holding = beyond.filter((node) => (engine.lists[node]?.length ?? 0) > 0 && !origins.has(node));
  const [first] = holding;
  if (first === undefined) return [];
  const from = engine.best[first]?.peer ?? engine.lists[first]?.[0]?.peer ?? null;
  return [
    {
      rule: 'check-leak',
      severity: 'error',
      message: `${prefix.text} is in the table of ${someNames(state, holding)}`,
      ranges: [source],
      host: nameOf(state, first),
      found: from ? `received from ${from.name}` : 'in the table',
      expected: 'no path',
      fix: `keep ${prefix.text} back where it crosses the border`,
    },
  ];
}

function onTheWay(
  state: SimulationState,
  { engine }: FamilyState,
  { prefix }: PrefixState,
  receivers: ReadonlySet<number>,
  peers: ReadonlySet<string>,
  source: DeclaredCheck['source'],
): readonly Diagnostic[] {
  const { topology, sent } = engine;
  const { owner, reverse, sessions } = topology;
  const findings: Diagnostic[] = [];
  for (let slot = 0; slot < sent.length; slot++) {
    const sender = hostOf(topology, owner[slot] ?? 0);
    const receiver = hostOf(topology, owner[reverse[slot] ?? 0] ?? 0);
    const end = state.ends.at(sessions[slot] ?? 0);
    const named = peers.has(end?.peerAddress?.text ?? '');
    // What neighbours beyond the border tell each other has left already.
    if (sent[slot] === 0 || !(named || (receivers.has(receiver) && !receivers.has(sender)))) continue;
    const place = end?.config.source;
    findings.push({
      rule: 'check-leak',
      severity: 'error',
      message: `${nameOf(state, sender)} sends ${prefix.text} to ${nameOf(state, receiver)} (${end?.peerAddress?.text ?? end?.config.interface ?? ''})`,
      ranges: [source],
      ...(place ? { related: [{ ...place, note: 'the session over which it leaves' }] } : {}),
      host: nameOf(state, sender),
      found: `sent with the AS path "${engine.paths[sent[slot] ?? 0]?.asPath.text ?? ''}"`,
      expected: 'not sent',
      fix: `keep ${prefix.text} back with a policy towards this neighbor`,
    });
  }
  return findings;
}
