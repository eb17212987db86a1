import type { SessionDecision } from '../peer-family-config.ts';
import type { DecisionProfile, DecisionStep } from '../profile.ts';
import { type Candidate, decisionRouterId, isExternal } from './candidate.ts';
import { sameFirstAs } from './med-groups.ts';

type Compare = (a: Candidate, b: Candidate) => number;

/**
 * The steps that go by options of the sessions the two paths came over, as BIRD reads them (proto/bgp/attrs.c `bgp_rte_better`): a
 * comparison is made where either session wants it, and what is missing is filled in by the path's own session.
 */
const builders: Readonly<Partial<Record<DecisionStep, (profile: DecisionProfile) => Compare>>> = {
  'local-preference': () => (a, b) => localPref(b) - localPref(a),
  'as-path-length': () => (a, b) =>
    either(a, b, ({ pathMetric }) => pathMetric) ? a.path.asPath.length - b.path.asPath.length : 0,
  med: (profile) => (a, b) => {
    if (med(a) === med(b)) return 0;
    const compared = either(a, b, ({ medMetric }) => medMetric) || sameNeighbor(a, b, profile);
    return compared ? med(a) - med(b) : 0;
  },
  'igp-metric': () => (a, b) => igpMetric(a) - igpMetric(b),
  'older-selected': ({ routerIdUsesOriginator }) => {
    const id = (one: Candidate) => decisionRouterId(one, routerIdUsesOriginator);
    return (a, b) =>
      isExternal(a) && isExternal(b) && id(a) !== id(b) && either(a, b, ({ preferOlder }) => preferOlder)
        ? Number(b.selected) - Number(a.selected)
        : 0;
  },
};

/** null: the step does not go by sessions. */
export function comparedBySession(name: DecisionStep, profile: DecisionProfile): Compare | null {
  return builders[name]?.(profile) ?? null;
}

function either(a: Candidate, b: Candidate, wants: (session: SessionDecision) => boolean): boolean {
  return [a, b].some(({ peer }) => peer?.options.decision && wants(peer.options.decision));
}

function sameNeighbor({ path: a }: Candidate, { path: b }: Candidate, profile: DecisionProfile): boolean {
  return (a.asPath.length === 0 && b.asPath.length === 0) || sameFirstAs(a.asPath, b.asPath, profile);
}

function localPref({ path, peer }: Candidate): number {
  return path.localPref ?? peer?.options.decision?.defaultLocalPref ?? 100;
}

function med({ path, peer }: Candidate): number {
  return path.med ?? peer?.options.decision?.defaultMed ?? 0;
}

function igpMetric({ igpMetric: metric, peer }: Candidate): number {
  return peer?.options.decision?.igpMetric === false ? 0 : metric;
}
