import type { BgpConfig } from '../config.ts';
import { type Candidate, decisionRouterId, isExternal, SECOND } from './candidate.ts';
import type { DecidingStep, DecisionProcess } from './decide.ts';

type ValueOf = (candidate: Candidate, config: BgpConfig, process: DecisionProcess) => string;

/** What each step looks at, in words: beside `steps.ts`, which says how the two values compare. */
const values: Readonly<Partial<Record<DecidingStep, ValueOf>>> = {
  weight: ({ path }) => String(path.weight),
  'local-preference': ({ path, peer }, { defaultLocalPreference }) =>
    path.localPref === null
      ? `${peer?.options.decision?.defaultLocalPref ?? defaultLocalPreference} (default)`
      : String(path.localPref),
  'locally-originated': ({ peer }) => (peer === null ? 'made here' : 'learned'),
  aigp: ({ path }) => (path.aigp == null ? 'none' : String(path.aigp)),
  'admin-distance': ({ path, peer }) => (peer === null ? String(path.distance ?? 0) : 'learned'),
  'as-path-length': ({ path: { asPath } }, { decision }) =>
    String(asPath.length + (decision.asPathConfed ? asPath.confedLength : 0)),
  origin: ({ path }) => ['igp', 'egp', 'incomplete'][path.origin] ?? '',
  med: ({ path, peer }, { decision }) =>
    path.med === null
      ? decision.medMissingAsWorst
        ? 'none (worst)'
        : `none (${peer?.options.decision?.defaultMed ?? decision.defaultMed ?? 0})`
      : String(path.med),
  'ebgp-over-ibgp': (candidate) => (isExternal(candidate) ? 'external' : 'internal'),
  'igp-metric': ({ igpMetric }) => String(igpMetric),
  'confed-external': ({ peer }) => (peer?.type === 'confed' ? 'confederation' : 'internal'),
  'older-selected': ({ selected }) => (selected ? 'selected before' : 'not selected before'),
  'older-received': ({ arrival }) => `in second ${Math.floor(arrival / SECOND)}`,
  'router-id': (candidate, _config, { profile }) =>
    dotted(decisionRouterId(candidate, profile.routerIdUsesOriginator)),
  'cluster-list-length': ({ path }) => String(path.clusterList.length),
  'neighbor-address': ({ peer }) => peer?.address?.text ?? '',
};

/** The value a step sees of a candidate, for "lost at as-path-length: 3 against 2"; empty where there is none to show. */
export function stepValue(process: DecisionProcess, step: DecidingStep, candidate: Candidate): string {
  return values[step]?.(candidate, process.config, process) ?? '';
}

function dotted(id: number): string {
  return [24, 16, 8, 0].map((shift) => (id >>> shift) & 255).join('.');
}
