import type { DecisionOptions } from '../../../bgp/config.ts';
import type { SessionDecision } from '../../../bgp/peer-family-config.ts';
import type { ProtocolDraft } from './draft.ts';
import { flag, numberOf } from './values.ts';

/** What one session says of the decision (proto/bgp/config.Y `bgp_proto`). */
export function sessionDecision(draft: ProtocolDraft): SessionDecision {
  return {
    pathMetric: flag(draft, 'path metric', true),
    medMetric: flag(draft, 'med metric'),
    igpMetric: flag(draft, 'igp metric', true),
    deterministicMed: flag(draft, 'deterministic med'),
    preferOlder: flag(draft, 'prefer older'),
    defaultMed: numberOf(draft, 'default bgp_med') ?? 0,
    defaultLocalPref: numberOf(draft, 'default bgp_local_pref') ?? 100,
  };
}

/** Knobs of the decision belong to sessions in BIRD: where all say the same they are the router's. */
export function decisionOptions(sessions: readonly ProtocolDraft[]): DecisionOptions {
  const said = sessions.map(sessionDecision);
  const first = said[0];
  // The metric to the next hop has no switch of the router's.
  const bySession = said.some((one) => JSON.stringify(one) !== JSON.stringify(first) || !one.igpMetric);
  const any = (name: 'medMetric' | 'deterministicMed' | 'preferOlder') => said.some((one) => one[name]);
  const defaultMed = first?.defaultMed ?? 0;
  return {
    alwaysCompareMed: any('medMetric'),
    deterministicMed: any('deterministicMed'),
    medMissingAsWorst: false,
    ...(defaultMed === 0 ? {} : { defaultMed }),
    medConfed: true,
    asPathIgnore: first !== undefined && said.every(({ pathMetric }) => !pathMetric),
    asPathConfed: false,
    asPathMultipathRelax: true,
    compareRouterId: !any('preferOlder'),
    peerTypeMultipathRelax: false,
    ...(bySession ? { bySession } : {}),
  };
}
