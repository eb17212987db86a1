import { familyOf } from '../../base/family.ts';
import type { Address } from '../../base/ip.ts';
import type { Destination } from '../../bgp/attributes.ts';
import type { Router } from '../../bgp/router.ts';
import type { SimulationState } from '../state.ts';
import { nodeOfTable } from './beside.ts';
import { type Leads, leadKey, lookupLocal } from './local-routes.ts';

/** Of each router with recursive routes over BGP's, by node. */
export type LeadsByHost = ReadonlyMap<number, Leads>;

export const noLeads: LeadsByHost = new Map();

/** Where BGP's routes lead the gateways of recursive routes (BIRD's `route ... recursive`) by now; the same object where nothing changed. */
export function leadsNow(state: SimulationState): LeadsByHost {
  const found = new Map<number, Leads>();
  let changed = false;
  for (const [host, router] of state.routers.entries()) {
    const known = state.leads.get(host);
    const leads = router?.config.table ? leadsAt(state, host, router) : null;
    const same = leadsText(leads ?? undefined) === leadsText(known);
    if (!same) changed = true;
    if (leads && leads.size > 0) found.set(host, same && known ? known : leads);
  }
  return changed ? found : state.leads;
}

function leadsAt(state: SimulationState, host: number, { config }: Router): Leads {
  const leads = new Map<string, Destination>();
  for (const { table, routes } of config.table?.protocols ?? []) {
    for (const { kind, hops } of routes) {
      const via = kind === 'recursive' ? hops[0]?.via : null;
      const lead = via ? leadOf(state, host, table ?? null, via) : null;
      if (via && lead) leads.set(leadKey(table, via), lead);
    }
  }
  return leads;
}

/** Null: no route of BGP is longer than the local ones. */
function leadOf(
  state: SimulationState,
  host: number,
  table: string | null,
  via: Address,
): Destination | null {
  const { topology, nextHops } = state.families[familyOf(via.family)];
  const node = nodeOfTable(topology, host, table);
  const locals = nextHops.locals[node];
  const length = (locals && lookupLocal(locals, via)?.prefix.length) ?? -1;
  const entry = nextHops.cover.entry(node, via, length);
  if (!entry) return null;
  if (entry.recursive || entry.unreachable) return { kind: 'unreachable', protocol: '', hops: [] };
  const hops = entry.hops.map((hop) => ({ interface: hop.interface, gateway: hop.gateway ?? via }));
  return { kind: hops.length > 0 ? 'unicast' : 'blackhole', protocol: '', hops };
}

function leadsText(leads: Leads | undefined): string {
  const texts = [...(leads ?? [])].map(([key, { kind, hops }]) => {
    const ways = hops.map((hop) => `${hop.gateway?.text ?? ''}%${hop.interface}`).join();
    return `${key} ${kind} ${ways}`;
  });
  return texts.sort().join(';');
}
