import { familyNames } from '../../base/family.ts';
import type { Router } from '../../bgp/router.ts';
import type { SlotCandidate } from '../engine/engine.ts';
import { createUses, pathsInUse, type UsesInNumbers, useInNumbers } from '../flat/used.ts';
import { hopNames, usedPaths } from '../kernel/fib.ts';
import { limitPaths } from '../rounds.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { kernelHopsOf } from '../timeline/kernel-groups.ts';
import { holdPrefix } from './hosts.ts';
import { shownOf } from './path-results.ts';
import type { RouteTable, RouteView } from './result.ts';

/** What is shown of paths and next hops, each once: of states that are asked with the same ones, equal numbers say the same. */
export class Views {
  readonly #numbers = new Map<string, number>();
  readonly #paths: ShownPath[] = [];
  readonly #names: (readonly string[])[] = [];

  constructor() {
    // 0 stands for no path.
    this.#number('');
  }

  path(shown: ShownPath): number {
    const number = this.#number(`path ${JSON.stringify(shown)}`);
    this.#paths[number] ??= shown;
    return number;
  }

  names(names: readonly string[]): number {
    const number = this.#number(`names ${names.join(' ')}`);
    this.#names[number] ??= names;
    return number;
  }

  /** null: there is no such path. */
  view(path: number, nextHops: number, fib: number): RouteView | null {
    const shown = this.#paths[path];
    return shown ? { nextHops: this.#names[nextHops] ?? [], ...shown, fib: this.#names[fib] ?? [] } : null;
  }

  #number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

type ShownPath = Omit<RouteView, 'nextHops' | 'fib'>;

/** What the named hosts use, prefix by prefix. */
export function routeViews(
  state: SimulationState,
  hosts: readonly string[],
  views: Views,
): { readonly prefixes: readonly string[]; readonly routes: (prefix: string) => RouteTable } {
  const wanted = Int32Array.from(hosts, (name) => shownNode(state, name));
  const families = familyNames.map((family) => new FamilyViews(state, state.families[family], wanted, views));
  return {
    prefixes: familyNames.flatMap((family) =>
      state.families[family].prefixes.map(({ prefix }) => prefix.text),
    ),
    routes: (prefix) => families.map((one) => one.of(prefix)).find((found) => found !== null) ?? nobody,
  };
}

const nobody: RouteTable = { numbers: new Int32Array(0), view: () => null };

/** -1: a host that only originates shows no table, nor does one that is not there. */
function shownNode({ wiring, routers }: SimulationState, host: string): number {
  const node = wiring.indexOf.get(host) ?? -1;
  return routers[node]?.config.profile.quirks.originatesOnly ? -1 : node;
}

class FamilyViews {
  readonly #state: SimulationState;
  readonly #familyState: FamilyState;
  readonly #wanted: Int32Array;
  readonly #views: Views;
  readonly #uses: UsesInNumbers;
  /** Names by number of a hop set; 0: not asked for yet. */
  readonly #fibs: number[] = [];
  /** By node: its last choice in numbers, and the next hops of that. */
  readonly #choices: Int32Array;
  readonly #nextHops: Int32Array;

  constructor(state: SimulationState, familyState: FamilyState, wanted: Int32Array, views: Views) {
    this.#state = state;
    this.#familyState = familyState;
    this.#wanted = wanted;
    this.#views = views;
    this.#uses = createUses(state.routers.length);
    this.#choices = new Int32Array(state.routers.length);
    this.#nextHops = new Int32Array(state.routers.length);
  }

  /** null: no such prefix. */
  of(prefix: string): RouteTable | null {
    const kept = this.#familyState.byText.get(prefix);
    if (!kept) return null;
    limitPaths(this.#state);
    const numbers = new Int32Array(3 * this.#wanted.length);
    if (!this.#inNumbers(kept, numbers)) this.#byEngine(kept, numbers);
    return {
      numbers,
      view: (place) =>
        this.#views.view(numbers[3 * place] ?? 0, numbers[3 * place + 1] ?? 0, numbers[3 * place + 2] ?? 0),
    };
  }

  /** False: only the engine can tell. */
  #inNumbers(kept: PrefixState, numbers: Int32Array): boolean {
    const uses = this.#uses;
    const { choice, asPath, attributes } = uses;
    const flat = useInNumbers(this.#state, this.#familyState, kept, uses);
    if (!flat) return false;
    const paths = new Map<number, number>();
    for (let place = 0; place < this.#wanted.length; place++) {
      const node = this.#wanted[place] ?? -1;
      const router = this.#state.routers[node];
      if (!router || choice[node] === 0) continue;
      // Names of communities are a router's own, and so is what it announces.
      const isOwn = (asPath[node] ?? -1) < 0 || router.bgp.communityNames !== undefined;
      const key = isOwn ? -1 - node : (asPath[node] ?? 0) * MOST_ATTRIBUTES + (attributes[node] ?? 0);
      let path = paths.get(key);
      if (path === undefined) {
        path = this.#path(router, pathsInUse(flat, uses, node)[0]);
        paths.set(key, path);
      }
      if (this.#choices[node] !== choice[node]) {
        this.#choices[node] = choice[node] ?? 0;
        this.#nextHops[node] = this.#told(router, pathsInUse(flat, uses, node));
      }
      numbers[3 * place] = path;
      numbers[3 * place + 1] = this.#nextHops[node] ?? 0;
      numbers[3 * place + 2] = this.#fibAt(node, kept);
    }
    return true;
  }

  #byEngine(kept: PrefixState, numbers: Int32Array): void {
    const { engine, family } = this.#familyState;
    holdPrefix(this.#state, this.#familyState, kept);
    this.#wanted.forEach((node, place) => {
      const [best, router] = [engine.best[node], this.#state.routers[node]];
      if (!best || !router) return;
      numbers[3 * place] = this.#path(router, best);
      numbers[3 * place + 1] = this.#told(router, [best, ...usedPaths(engine, node, family)]);
      numbers[3 * place + 2] = this.#fibAt(node, kept);
    });
  }

  #path(router: Router, candidate: SlotCandidate): number {
    const all = shownOf(router, candidate, this.#familyState.family);
    const { asPath, localPref, med, communities, largeCommunities } = all;
    const origin = all.origin ?? '';
    return this.#views.path({ asPath, localPref, med, origin, communities, largeCommunities });
  }

  /** The best path first. */
  #told(router: Router, used: readonly SlotCandidate[]): number {
    const { family } = this.#familyState;
    const told = router.config.profile.quirks.hidesMultipath ? used.slice(0, 1) : used;
    return this.#views.names([...new Set(told.map((one) => shownOf(router, one, family).nextHop))].sort());
  }

  #fibAt(node: number, kept: PrefixState): number {
    if (this.#state.moment)
      return this.#views.names(hopNames(kernelHopsOf(this.#state, this.#familyState, node, kept) ?? []));
    const set = kept.fib.at(node);
    const known = this.#fibs[set] ?? 0;
    if (known !== 0) return known;
    const names = set === 0 ? [] : hopNames(this.#familyState.hopSets.sets[set] ?? []);
    const number = this.#views.names(names);
    this.#fibs[set] = number;
    return number;
  }
}

/** More attribute sets are never kept at once. */
const MOST_ATTRIBUTES = 2 ** 20;
