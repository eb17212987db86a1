import type { TableFamily } from '../../base/family.ts';
import { compareAddresses } from '../../base/ip.ts';
import type { AsPath } from '../as-path.ts';
import type { PathSource } from '../attributes.ts';
import { LLGR_STALE } from '../communities.ts';
import type { BgpConfig, DecisionOptions } from '../config.ts';
import type { DecisionProfile, DecisionStep } from '../profile.ts';
import { type Candidate, decisionRouterId, isExternal, SECOND } from './candidate.ts';
import { medComparable } from './med-groups.ts';
import { comparedBySession } from './session-steps.ts';

/** Below zero: the first wins; above: the second; zero: equal here, the next step decides. */
export type StepComparison = (a: Candidate, b: Candidate) => number;

/** All of a configuration that steps look at beside the options. */
type StepSettings = Pick<BgpConfig, 'defaultLocalPreference' | 'distance' | 'distanceByFamily'>;

type StepBuilder = (
  options: DecisionOptions,
  profile: DecisionProfile,
  settings: StepSettings,
) => StepComparison;

const LARGEST = 0xffffffff;

/** One row per step; the reference for each daemon's order is its profile. 'multipath' only marks a place. */
const builders: Readonly<Record<DecisionStep, StepBuilder>> = {
  /** RFC 9494 4.3: a stale path is used only where there is no other. */
  'llgr-stale': () => (a, b) => Number(isStale(a)) - Number(isStale(b)),
  /** Of several such the first of the list: FRR lets a stale path lose to whatever stands before it. */
  'newest-stale': () => (a, b) => (isStale(a) && isStale(b) ? b.arrival - a.arrival : 0),
  /** BIRD keeps the preference of the protocol where others keep a weight. */
  preference: () => (a, b) => b.path.weight - a.path.weight,
  resolvable: () => (a, b) => Number(isUnreachable(a)) - Number(isUnreachable(b)),
  weight: () => (a, b) => b.path.weight - a.path.weight,
  'local-preference': (_options, _profile, { defaultLocalPreference }) => {
    return (a, b) =>
      (b.path.localPref ?? defaultLocalPreference) - (a.path.localPref ?? defaultLocalPreference);
  },
  'locally-originated': () => (a, b) => Number(a.peer !== null) - Number(b.peer !== null),
  /** FRR 10, step 0: a redistributed route against a learned one goes by their distances. */
  'admin-distance': (_options, _profile, settings) => (a, b) =>
    isRedistributed(a) === isRedistributed(b) || isOwn(a) === isOwn(b)
      ? 0
      : distanceOfKind(settings, a) - distanceOfKind(settings, b),
  /** RFC 7311 4.1. */
  aigp: (options, { aigpMissing }) => {
    if (aigpMissing === 'infinite') return (a, b) => Math.sign(totalAigp(a) - totalAigp(b)) || 0;
    if (aigpMissing === undefined || !options.aigp) return () => 0;
    return (a, b) => (a.path.aigp == null || b.path.aigp == null ? 0 : a.path.aigp - b.path.aigp);
  },
  'as-path-length': (options) => {
    if (options.asPathIgnore) return () => 0;
    if (!options.asPathConfed) return (a, b) => a.path.asPath.length - b.path.asPath.length;
    return (a, b) => fullLength(a.path.asPath) - fullLength(b.path.asPath);
  },
  origin: () => (a, b) => a.path.origin - b.path.origin,
  med: (options, profile) => {
    const missing = options.medMissingAsWorst ? LARGEST : (options.defaultMed ?? 0);
    return (a, b) => {
      if ((a.path.med ?? missing) === (b.path.med ?? missing)) return 0;
      return medComparable(a, b, options, profile) ? (a.path.med ?? missing) - (b.path.med ?? missing) : 0;
    };
  },
  'ebgp-over-ibgp': () => (a, b) => Number(isExternal(b)) - Number(isExternal(a)),
  'igp-metric': () => (a, b) => a.igpMetric - b.igpMetric,
  'confed-external': () => (a, b) => Number(isConfed(b)) - Number(isConfed(a)),
  multipath: () => () => 0,
  /** No clock: the path chosen before wins among eBGP paths (RFC 5004 in spirit). */
  'older-selected': (options) => {
    if (options.compareRouterId) return () => 0;
    return (a, b) => (isExternal(a) && isExternal(b) ? Number(b.selected) - Number(a.selected) : 0);
  },
  'older-received': (options) => {
    if (options.compareRouterId) return () => 0;
    return (a, b) => (isInternal(a) || isInternal(b) ? 0 : secondOf(a) - secondOf(b));
  },
  'router-id': (options, profile) => {
    const id = (candidate: Candidate) => decisionRouterId(candidate, profile.routerIdUsesOriginator);
    if (!profile.routerIdOnlyWithIbgp || options.compareRouterId) return (a, b) => id(a) - id(b);
    return (a, b) => (isInternal(a) || isInternal(b) ? id(a) - id(b) : 0);
  },
  'cluster-list-length': () => (a, b) => a.path.clusterList.length - b.path.clusterList.length,
  'neighbor-address': () => (a, b) => {
    const [left, right] = [a.peer?.address, b.peer?.address];
    return left && right ? compareAddresses(left, right) : 0;
  },
};

function fullLength(path: AsPath): number {
  return path.length + path.confedLength;
}

function secondOf({ arrival }: Candidate): number {
  return Math.floor(arrival / SECOND);
}

/** Does the time of arrival come into it, even where it was the same second this time? */
export function comparesAge(a: Candidate, b: Candidate, options: DecisionOptions): boolean {
  if (options.bySession && ![a, b].some(({ peer }) => peer?.options.decision?.preferOlder)) return false;
  return !options.compareRouterId && !isInternal(a) && !isInternal(b);
}

const redistributed: ReadonlySet<PathSource> = new Set(['connected', 'static', 'kernel'] as const);

function isRedistributed({ path }: Candidate): boolean {
  return redistributed.has(path.source);
}

function isOwn({ peer }: Candidate): boolean {
  return peer === null;
}

/** Only families that are modelled have distances of their own. */
type ByFamily = Readonly<Partial<Record<TableFamily, StepSettings['distance']>>>;

function distanceOfKind(settings: StepSettings, { path, peer }: Candidate): number {
  if (path.distance || peer === null) return path.distance ?? 0;
  const byFamily: ByFamily | undefined = settings.distanceByFamily;
  const { ebgp, ibgp, local } = byFamily?.[peer.family] ?? settings.distance;
  return peer.type === 'ebgp' ? ebgp : peer.type === 'ibgp' ? ibgp : local;
}

/** The last step to the next hop counts as well, one at least (BIRD `bgp_total_aigp_metric`); without AIGP it is infinite. */
export function totalAigp({ path, igpMetric, unresolved }: Candidate): number {
  const { aigp = null } = path;
  if (aigp === null || typeof unresolved === 'string') return Number.MAX_VALUE;
  return aigp + Math.max(1, igpMetric);
}

function isStale({ path }: Candidate): boolean {
  return path.communities.length > 0 && path.communities.includes(LLGR_STALE);
}

function isUnreachable({ unresolved }: Candidate): boolean {
  return typeof unresolved === 'string';
}

function isInternal(candidate: Candidate): boolean {
  return candidate.peer?.type === 'ibgp';
}

function isConfed(candidate: Candidate): boolean {
  return candidate.peer?.type === 'confed';
}

/** Steps whose outcome hangs on the attributes and the lengths of the AS_PATH alone, a tie where those are the same. */
export const looksAtPathOnly: ReadonlySet<DecisionStep> = new Set([
  'llgr-stale',
  'preference',
  'weight',
  'local-preference',
  'as-path-length',
  'origin',
  'med',
  'cluster-list-length',
] as const);

/** Steps that look at some kinds of peers only: they order once internal and external ones are told apart. */
export const amongOneKind: ReadonlySet<DecisionStep> = new Set([
  'older-selected',
  'older-received',
  'router-id',
] as const);

/**
 * Steps that order any candidates that were equal so far, confederations and `amongOneKind` aside. The MED does not, unless it is
 * the same everywhere.
 */
export const ordering: ReadonlySet<DecisionStep> = new Set([
  'llgr-stale',
  'newest-stale',
  'preference',
  'resolvable',
  'weight',
  'local-preference',
  'locally-originated',
  'as-path-length',
  'origin',
  'ebgp-over-ibgp',
  'igp-metric',
  'confed-external',
  'multipath',
  'older-selected',
  'older-received',
  'router-id',
  'cluster-list-length',
  'neighbor-address',
] as const);

export interface CompiledStep {
  readonly name: DecisionStep;
  readonly compare: StepComparison;
}

/** The steps of one router in order, with its options built in. */
export function compileSteps(
  profile: DecisionProfile,
  config: StepSettings & Pick<BgpConfig, 'decision'>,
): readonly CompiledStep[] {
  const compiled = (name: DecisionStep): CompiledStep => ({
    name,
    compare:
      (config.decision.bySession ? comparedBySession(name, profile) : null) ??
      builders[name](config.decision, profile, config),
  });
  const steps = profile.steps.map(compiled);
  const place = profile.steps.indexOf('multipath');
  if (!config.decision.equalClusterLength || place < 0) return steps;
  // FRR `maximum-paths ibgp N equal-cluster-length`: the length stands for the metric where that is equal.
  const { name, compare } = compiled('cluster-list-length');
  const early: CompiledStep = {
    name,
    compare: (a, b) => (isInternal(a) && isInternal(b) ? compare(a, b) : 0),
  };
  return steps.toSpliced(place, 0, early);
}
