import { createRouter, createRouterContext, type Router } from '../bgp/router.ts';
import { buildKernelTable, indexAgain, indexKernelRoutes } from './kernel/kernel-table.ts';
import type { Network } from './kernel/network.ts';
import { rewire } from './kernel/rewire.ts';
import { type WiredNode, wire } from './kernel/wiring.ts';
import { withAnswering } from './sessions/bfd.ts';
import { type Speaker, speakerOf } from './sessions/identity.ts';
import type { SimulationState } from './state.ts';
import { noLeads } from './table/leads.ts';
import { noneOvertaken } from './timeline/overtaken.ts';

/** Everything but sessions and tables. */
export type Ground = Pick<
  SimulationState,
  'network' | 'wiring' | 'tables' | 'kernel' | 'context' | 'speakers' | 'routers' | 'leads' | 'overtaken'
>;

/** `before`: the state that this one grows out of; what has not changed is shared with it. */
export function layGround(network: Network, before: SimulationState | null = null): Ground {
  const wired = before ? rewire(network, before.wiring) : wire(network);
  const wiring = withAnswering(wired, before?.wiring ?? null);
  const isSame = (node: number) => before !== null && wiring.nodes[node] === before.wiring.nodes[node];
  const tables = wiring.nodes.map(
    (wired, node) => (isSame(node) && before?.tables[node]) || buildKernelTable(wired),
  );
  const speakers = wiring.nodes.map((wired, node) => {
    const known = before?.speakers[node] ?? null;
    return isSame(node) ? known : speakerNow(wired, known);
  });
  const context = before?.context ?? createRouterContext();
  const routers = speakers.map((speaker) => {
    if (!speaker) return null;
    if (before && speaker === before.speakers[speaker.node]) return before.routers[speaker.node] ?? null;
    const own = wiring.nodes[speaker.node]?.interfaces.flatMap(({ addresses }) => addresses) ?? [];
    const addresses = new Set(own.map(({ address }) => address.text));
    const known = before?.routers[speaker.node];
    if (known && isRouterOf(known, speaker, addresses)) return known;
    const up = wiring.nodes[speaker.node]?.interfaces.filter((one) => one.up) ?? [];
    const networks = up.flatMap((one) => one.addresses.map(({ network }) => network));
    return createRouter(speaker.config, speaker.bgp, speaker.routerId, addresses, context, networks);
  });
  const kernel = before ? indexAgain(tables, before) : indexKernelRoutes(tables);
  return {
    network,
    wiring,
    tables,
    kernel,
    context,
    speakers,
    routers,
    leads: before?.leads ?? noLeads,
    overtaken: before?.overtaken ?? noneOvertaken,
  };
}

/** A router id that was derived from addresses stays while the daemon runs. */
function speakerNow(wired: WiredNode, before: Speaker | null): Speaker | null {
  const speaker = speakerOf(wired);
  if (!speaker || !before || speaker.bgp.routerId || before.bgp.routerId) return speaker;
  return { ...speaker, routerId: before.routerId };
}

function isRouterOf(router: Router, speaker: Speaker, addresses: ReadonlySet<string>): boolean {
  return (
    router.config === speaker.config &&
    router.routerId === speaker.routerId &&
    router.addresses.size === addresses.size &&
    [...addresses].every((address) => router.addresses.has(address))
  );
}
