import type { Diagnostic } from '../base/diagnostic.ts';
import { comparePrefixes, contains, isLinkLocal, type Prefix } from '../base/ip.ts';
import type { FibHop } from './kernel/fib.ts';
import { holdPrefix } from './result/hosts.ts';
import type { FamilyState, PrefixState, SimulationState } from './state.ts';
import { inMessageOrder } from './table-order.ts';

/**
 * BIRD's IPv6 routes have metric 32, the kernel's own networks 256: a network of an own interface that BIRD learns without having it itself (no direct
 * protocol) leads to the neighbor from then on, and Linux refuses every route whose gateway it would have to reach that way. Those that were there before stay.
 */
export function refusedGateways(state: SimulationState, familyState: FamilyState): readonly Diagnostic[] {
  if (familyState.family !== 'ipv6-unicast') return [];
  return state.network.nodes.flatMap(({ name, router }, node) => {
    if (!router?.table) return [];
    return (state.wiring.nodes[node]?.interfaces ?? [])
      .filter(({ up }) => up)
      .flatMap(({ addresses }) => addresses.map(({ network }) => network))
      .flatMap((network) => {
        const learned = familyState.byText.get(network.text);
        if (!learned || !hopsAt(familyState, learned, node).some(({ gateway }) => gateway)) return [];
        const leaning = familyState.prefixes.filter((prefix) =>
          hopsAt(familyState, prefix, node).some(
            ({ gateway }) => gateway && !isLinkLocal(gateway) && contains(network, gateway),
          ),
        );
        const refused = behind(state, familyState, node, learned, leaning);
        return refused.length === 0 ? [] : [said(name, network, refused)];
      });
  });
}

/** Those of the routes that come after one of them: of another neighbor nobody knows. */
function behind(
  state: SimulationState,
  familyState: FamilyState,
  node: number,
  learned: PrefixState,
  routes: readonly PrefixState[],
): readonly PrefixState[] {
  const { engine, topology } = familyState;
  const come = [...routes]
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
    .map((prefix) => {
      holdPrefix(state, familyState, prefix);
      const slot = engine.best[node]?.slot ?? -1;
      const wire = engine.received[slot] ?? 0;
      return { prefix, slot, wire, path: engine.paths[wire], accepted: true };
    });
  const slot = come.find(({ prefix }) => prefix === learned)?.slot ?? -1;
  const sender = topology.routers[topology.owner[topology.reverse[slot] ?? -1] ?? -1];
  const together = come.filter((one) => one.slot === slot);
  const inOrder = inMessageOrder(together, sender?.config.profile.quirks.tableOrder).map(
    ({ prefix }) => prefix,
  );
  const others = come.filter((one) => one.slot !== slot).map(({ prefix }) => prefix);
  return [...inOrder.slice(inOrder.indexOf(learned) + 1), ...others];
}

function hopsAt({ hopSets }: FamilyState, { fib }: PrefixState, node: number): readonly FibHop[] {
  return hopSets.sets[fib.at(node)] ?? [];
}

function said(host: string, network: Prefix, refused: readonly PrefixState[]): Diagnostic {
  const [first] = refused;
  const others = refused.length > 1 ? ` and ${refused.length - 1} more` : '';
  return {
    rule: 'next-hop-unusable',
    severity: 'warning',
    message: `${host} learns ${network.text}, the network of its own interface: the kernel refuses ${first?.prefix.text ?? ''}${others}, which come after it`,
    ranges: [],
    host,
    found: network.text,
    fix: `have BIRD know the network itself (protocol direct { ipv6; }), or import it from nobody`,
  };
}
