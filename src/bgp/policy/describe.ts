import type { Condition, Policy, Statement } from './types.ts';

/** What decided, as `evaluate.ts` hands it out; see there. */
interface Reason {
  readonly policy: Policy;
  readonly statement: Statement | null;
  readonly called?: Reason;
  readonly missed?: () => readonly Miss[];
}

/** A statement that did not apply, and the first of its conditions that did not hold. */
export interface Miss {
  readonly statement: Statement;
  readonly condition: Condition;
}

const SHOWN = 3;

/**
 * Words for explanations: `route-map foo seq 10 (prefix-list hosts)`, `policy import, statement deny-all`, `route-map foo, no entry
 * matches (seq 10 asks for prefix-list hosts)`.
 */
export function describeReason({ policy, statement, called, missed: inVain }: Reason): string {
  const { kind = 'policy', name } = policy;
  if (called) return `${describeReason(called)}, called by ${describeReason({ policy, statement })}`;
  const entry = kind === 'route-map' ? 'seq' : 'statement';
  if (!statement && (kind === 'route-map' || kind === 'policy')) {
    const missed = inVain?.() ?? [];
    const asks = missed
      .slice(0, SHOWN)
      .map((miss) => `${entry} ${miss.statement.label} asks for ${wanted(miss)}`);
    const more = missed.length > SHOWN ? [`${missed.length - SHOWN} more`] : [];
    const why = asks.length > 0 ? ` (${[...asks, ...more].join(', ')})` : '';
    return `${kind} ${name}, no ${kind === 'route-map' ? 'entry' : 'statement'} matches${why}`;
  }
  if (!statement || (kind !== 'route-map' && kind !== 'policy')) return `${kind} ${name}`.trim();
  const place = kind === 'route-map' ? `seq ${statement.label}` : `statement ${statement.label}`;
  const conditions = statement.conditions.map(describeCondition);
  const matching =
    statement.verdict === 'reject' && conditions.length > 0 ? ` (${conditions.join(', ')})` : '';
  return `${kind} ${name}${kind === 'route-map' ? ' ' : ', '}${place}${matching}`;
}

function wanted({ condition }: Miss): string {
  return describeCondition(condition);
}

/** A condition in a few words, by the names the configuration gives its lists. */
function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'prefix':
      return `${condition.invert ? 'not ' : ''}prefix-list ${condition.set.name}`;
    case 'next-hop':
      return `next hop in ${condition.set.name}`;
    case 'next-hop-blackhole':
      return 'no next hop: a black hole';
    case 'route-source':
      return `a peer in ${condition.set.name}`;
    case 'as-path':
    case 'community':
    case 'large-community':
      return `${condition.quantifier === 'invert' ? 'not ' : ''}${condition.kind} list ${condition.set.name}`;
    case 'extended-community':
      return `${condition.kind} list ${condition.set.name}`;
    case 'extended-community-each':
      return `${condition.quantifier === 'invert' ? 'not ' : ''}extended-community list ${condition.name}`;
    case 'prefix-length':
      return `prefix length ${condition.value}`;
    case 'local-preference':
    case 'med':
    case 'tag':
    case 'interface':
    case 'source-protocol':
    case 'route-type':
      return `${condition.kind} ${condition.value}`;
    case 'origin':
      return `origin ${['igp', 'egp', 'incomplete'][condition.value]}`;
    case 'peer':
      if (condition.local) return 'peer local';
      return `${condition.invert ? 'not ' : ''}peer ${condition.networks.map(({ text }) => text).join(' ')}`;
    case 'as-path-length':
    case 'community-count':
      return `${condition.kind} ${condition.compare} ${condition.value}`;
    case 'family':
      return condition.families.join(' ');
    case 'never':
      return `something that never matches: ${condition.why}`;
  }
}
