import type { Action, Condition, Policy, PolicyChain } from './types.ts';

/** What a chain has to do with the AS_PATH: 'changes' includes reading it. */
export type AsPathUse = 'nothing' | 'reads' | 'changes';

const reads: Readonly<Record<Condition['kind'], boolean>> = {
  prefix: false,
  'prefix-length': false,
  'next-hop': false,
  'next-hop-blackhole': false,
  'as-path': true,
  community: false,
  'large-community': false,
  'extended-community': false,
  'extended-community-each': false,
  'local-preference': false,
  med: false,
  origin: false,
  peer: false,
  'route-source': false,
  tag: false,
  interface: false,
  'source-protocol': false,
  'as-path-length': true,
  'community-count': false,
  family: false,
  'route-type': false,
  never: false,
};

const changes: Readonly<Record<Action['kind'], boolean>> = {
  'local-preference': false,
  med: false,
  weight: false,
  origin: false,
  prepend: true,
  'prepend-last-as': true,
  'exclude-as': true,
  'replace-as': true,
  community: false,
  'community-delete': false,
  'large-community': false,
  'large-community-delete': false,
  'extended-community': false,
  'extended-community-delete': false,
  'link-bandwidth': false,
  'next-hop': false,
  'source-address': false,
  'originator-id': false,
  distance: false,
  aigp: false,
  tag: false,
};

/** `call` may go round in a circle: beyond a depth everything is assumed. Programs are not looked into. */
export function asPathUse(chain: PolicyChain, depth = 0): AsPathUse {
  if (depth > 16) return 'changes';
  let use: AsPathUse = 'nothing';
  for (const policy of chain) {
    const own = depth === 0 ? knownUseOf(policy) : useOf(policy, depth);
    if (own === 'changes') return own;
    if (own === 'reads') use = own;
  }
  return use;
}

/** Asked for every peer; policies are immutable. Only from the outside: within a circle the answer hangs on the depth. */
const uses = new WeakMap<Policy, AsPathUse>();

function knownUseOf(policy: Policy): AsPathUse {
  let use = uses.get(policy);
  if (use === undefined) {
    use = useOf(policy, 0);
    uses.set(policy, use);
  }
  return use;
}

function useOf(policy: Policy, depth: number): AsPathUse {
  if (policy.program) return 'changes';
  let use: AsPathUse = 'nothing';
  for (const { conditions, actions, call } of policy.statements) {
    if (actions.some(({ kind }) => changes[kind])) return 'changes';
    const called = call ? asPathUse([call], depth + 1) : 'nothing';
    if (called === 'changes') return called;
    if (called === 'reads' || conditions.some(({ kind }) => reads[kind])) use = 'reads';
  }
  return use;
}
