import type { Action, Condition, Policy, PolicyChain } from './types.ts';

/** What a chain's answer depends on beside the path: callers that remember answers ask this. */
export interface PolicyNeeds {
  readonly prefix: boolean;
  /** The peer itself, its address or the next hop a path without one stands for. */
  readonly peer: boolean;
}

/** Remembers per policy object; policies are immutable. */
export interface PolicyNotes {
  readonly needs: WeakMap<Policy, PolicyNeeds>;
  readonly keys: WeakMap<Policy, string>;
}

export function createPolicyNotes(): PolicyNotes {
  return { needs: new WeakMap(), keys: new WeakMap() };
}

const nothing: PolicyNeeds = { prefix: false, peer: false };

export function chainNeeds(chain: PolicyChain, notes: PolicyNotes): PolicyNeeds {
  // As nearly every chain is; it is asked for every peer.
  const [only] = chain;
  if (chain.length < 2) return only ? policyNeeds(only, notes, 0) : nothing;
  const all = chain.map((policy) => policyNeeds(policy, notes, 0));
  return { prefix: all.some(({ prefix }) => prefix), peer: all.some(({ peer }) => peer) };
}

/** `call` may go round in a circle: beyond a depth everything is assumed to matter. */
function policyNeeds(policy: Policy, notes: PolicyNotes, depth: number): PolicyNeeds {
  if (depth > 16) return { prefix: true, peer: true };
  if (policy.program) return policy.program.reads;
  let needs = notes.needs.get(policy);
  if (!needs) {
    const called = policy.statements.flatMap(({ call }) =>
      call ? [policyNeeds(call, notes, depth + 1)] : [],
    );
    const conditions = policy.statements.flatMap((statement) => statement.conditions);
    const actions = policy.statements.flatMap((statement) => statement.actions);
    needs = {
      prefix: called.some(({ prefix }) => prefix) || conditions.some(asksPrefix),
      peer: called.some(({ peer }) => peer) || conditions.some(asksPeer) || actions.some(actsByPeer),
    };
    notes.needs.set(policy, needs);
  }
  return needs;
}

function asksPrefix({ kind }: Condition): boolean {
  return ['prefix', 'prefix-length', 'family', 'next-hop-blackhole'].includes(kind);
}

function asksPeer({ kind }: Condition): boolean {
  return ['peer', 'next-hop', 'next-hop-blackhole', 'route-source'].includes(kind);
}

function actsByPeer(action: Action): boolean {
  if (action.kind === 'next-hop') return action.value === 'self';
  return action.kind === 'prepend-last-as' || action.kind === 'replace-as';
}

/** The same text for policies that say the same, wherever they were written: hosts share what they are given alike. */
export function chainKey(chain: PolicyChain, notes: PolicyNotes): string {
  const [only] = chain;
  if (chain.length < 2) return only ? policyKey(only, notes) : '';
  return chain.map((policy) => policyKey(policy, notes)).join('&');
}

function policyKey(policy: Policy, notes: PolicyNotes): string {
  let key = notes.keys.get(policy);
  if (key === undefined) {
    key = policy.program ? `program ${policy.program.key}` : contentKey(policy);
    notes.keys.set(policy, key);
  }
  return key;
}

/** JSON without places in files. `visiting` stops at a policy that calls itself: its name stands for it. */
export function contentKey(data: unknown): string {
  return textOf(data, new Set()) ?? '';
}

/** Written straight away, since every host brings its policies; undefined: nothing to write. */
function textOf(value: unknown, visiting: Set<unknown>): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      return `"${value}n"`;
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return 'null';
  if (visiting.has(value)) return '"itself"';
  visiting.add(value);
  const text = Array.isArray(value) ? listText(value, visiting) : fieldsText(value, visiting);
  visiting.delete(value);
  return text;
}

function listText(values: readonly unknown[], visiting: Set<unknown>): string {
  let text = '';
  for (const value of values) text += `${text === '' ? '' : ','}${textOf(value, visiting) ?? 'null'}`;
  return `[${text}]`;
}

function fieldsText(value: object, visiting: Set<unknown>): string {
  let text = '';
  for (const name of Object.keys(value)) {
    if (name === 'source') continue;
    const part = textOf(value[name as keyof typeof value], visiting);
    if (part !== undefined) text += `${text === '' ? '"' : ',"'}${name}":${part}`;
  }
  return `{${text}}`;
}

/** Conditions of one kind in a chain and in what it calls, each once, by what they say; null: it has no end, or is a program. */
export function conditionsOf<C extends Condition>(
  chain: PolicyChain,
  wanted: (condition: Condition) => condition is C,
): ReadonlyMap<string, C> | null {
  const found = new Map<string, C>();
  const collect = (part: PolicyChain, depth: number): boolean =>
    depth <= 16 &&
    part.every(
      ({ program, statements }) =>
        !program &&
        statements.every(({ conditions, call }) => {
          for (const condition of conditions)
            if (wanted(condition)) found.set(contentKey(condition), condition);
          return !call || collect([call], depth + 1);
        }),
    );
  return collect(chain, 0) ? found : null;
}
