import type { Diagnostic } from '../../base/diagnostic.ts';
import { familyNames } from '../../base/family.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Intent } from '../kernel/network.ts';
import type { PrefixState, SimulationState } from '../state.ts';
import { nameOf } from './names.ts';

/** Every prefix in the tables is there because the inventory wants its host to announce it. */
export function checkLeaks(state: SimulationState, intents: readonly Intent[]): readonly Diagnostic[] {
  if (intents.length === 0) return [];
  const wanted = new Set(intents.map(({ host, prefix }) => `${host} ${prefix.text}`));
  return familyNames.flatMap((family) =>
    state.families[family].prefixes.flatMap((prefix) =>
      [...prefix.origins.keys()]
        .filter((node) => !wanted.has(`${nameOf(state, node)} ${prefix.prefix.text}`))
        .map((node) => leak(state, prefix, node)),
    ),
  );
}

function leak(state: SimulationState, { prefix, origins }: PrefixState, node: number): Diagnostic {
  const host = nameOf(state, node);
  const source = sourceOf(state, prefix.text, node);
  const by = origins.get(node)?.[0]?.source;
  const how = by === 'connected' || by === 'static' || by === 'kernel' ? `, redistributed from ${by}` : '';
  return {
    rule: 'route-leak',
    severity: 'warning',
    message: `${host} announces ${prefix.text}${how}, which the inventory does not name`,
    ranges: source ? [source] : [],
    host,
    found: prefix.text,
    fix: 'name the prefix in the inventory, or keep it back with a route-map',
  };
}

function sourceOf(state: SimulationState, prefix: string, node: number): SourceRange | null {
  const bgp = state.routers[node]?.bgp;
  const exact = bgp?.originations.find((one) => one.kind !== 'redistribute' && one.prefix.text === prefix);
  return (exact ?? bgp?.originations.find(({ kind }) => kind === 'redistribute'))?.source ?? null;
}
