import { familyNames, familyOf } from '../../../base/family.ts';
import { type Address, type IpFamily, isLinkLocal, type Prefix } from '../../../base/ip.ts';
import type { FamilyState, PrefixState, SimulationState } from '../../state.ts';
import { type Fate, fatesTowards, representative } from '../fates.ts';

/** One place traffic can be sent to. */
export interface Goal {
  /** As people write it: a network or an address. */
  readonly text: string;
  readonly address: Address;
  /** Nodes that have it: the answer comes from there. */
  readonly at: readonly number[];
}

/** What had to be reached before a failure, and which hosts are gone with it. */
export interface Disturbance {
  readonly before: SimulationState;
  readonly gone: readonly string[];
}

/** A state with what several checks ask of it, worked out once. */
export interface CheckContext {
  readonly state: SimulationState;
  /** The undisturbed state, which says where things are to be reached. */
  readonly before: SimulationState;
  /** Nodes that are not there any more. */
  readonly gone: ReadonlySet<number>;
  /** The networks that only this node announces. */
  readonly networksOf: (node: number) => readonly Goal[];
  /** Its own addresses, those of lo first. */
  readonly addressesOf: (node: number) => readonly Goal[];
  readonly fates: (goal: Goal) => (node: number) => Fate;
}

export function checkContext(state: SimulationState, disturbance: Disturbance | null = null): CheckContext {
  const before = disturbance?.before ?? state;
  const gone = new Set(nodesOf(before, disturbance?.gone ?? []));
  const own = soleNetworks(before);
  const networks = new Map<number, readonly Goal[]>();
  const fates = new Map<string, (node: number) => Fate>();
  return {
    state,
    before,
    gone,
    networksOf: (node) => {
      const known = networks.get(node);
      if (known) return known;
      const made = (own.get(node) ?? []).map((prefix) => ({
        text: prefix.text,
        address: representative(before, prefix, node),
        at: [node],
      }));
      networks.set(node, made);
      return made;
    },
    addressesOf: (node) => addressesOf(before, node),
    fates: (goal) => {
      const key = `${goal.address.text} ${goal.at.join()}`;
      let known = fates.get(key);
      if (!known) {
        known = fatesTowards(state, goal.address, new Set(goal.at.filter((node) => !gone.has(node))));
        fates.set(key, known);
      }
      return known;
    },
  };
}

function soleNetworks(state: SimulationState): ReadonlyMap<number, readonly Prefix[]> {
  const own = new Map<number, Prefix[]>();
  for (const family of familyNames) {
    for (const { prefix, origins } of state.families[family].prefixes) {
      const [node, ...others] = origins.keys();
      // A default route is nobody's network.
      if (node === undefined || others.length > 0 || prefix.length === 0) continue;
      const list = own.get(node);
      if (list) list.push(prefix);
      else own.set(node, [prefix]);
    }
  }
  return own;
}

function addressesOf(state: SimulationState, node: number): readonly Goal[] {
  const interfaces = state.wiring.nodes[node]?.interfaces ?? [];
  const lo = interfaces.filter(({ name }) => name === 'lo');
  return [...lo, ...interfaces.filter(({ name }) => name !== 'lo')].flatMap(({ addresses, up }) =>
    addresses
      .filter(({ address }) => up && !isLinkLocal(address))
      .map(({ address }) => ({ text: address.text, address, at: [node] })),
  );
}

/** Can the node send packets of this family at all? */
export function speaksFamily({ wiring }: SimulationState, node: number, family: IpFamily): boolean {
  return (wiring.nodes[node]?.interfaces ?? []).some(({ addresses }) =>
    addresses.some(({ address }) => address.family === family && !isLinkLocal(address)),
  );
}

/** Node numbers of the names; hosts that are not simulated are left out. */
export function nodesOf({ wiring }: SimulationState, names: readonly string[]): readonly number[] {
  return names.map((name) => wiring.indexOf.get(name)).filter((node) => node !== undefined);
}

export function tableOf(
  state: SimulationState,
  prefix: Prefix,
): { readonly familyState: FamilyState; readonly kept: PrefixState | null } {
  const familyState = state.families[familyOf(prefix.family)];
  return { familyState, kept: familyState.byText.get(prefix.text) ?? null };
}
