import type { RelatedRange } from '../../../base/diagnostic.ts';
import { familyOf } from '../../../base/family.ts';
import type { Prefix } from '../../../base/ip.ts';
import { explainPrefix } from '../../explain.ts';
import type { SimulationState } from '../../state.ts';
import { nameOf } from '../names.ts';
import { tableOf } from './context.ts';

/** Why a host lacks a route, in one clause, with the lines that did it. */
export interface Reason {
  readonly text: string;
  readonly sources: readonly RelatedRange[];
}

/** Looks at the host itself first (what it was sent and refused), then at what its neighbours did not send. */
export function whyMissing(state: SimulationState, node: number, prefix: Prefix): Reason {
  const host = nameOf(state, node);
  const { kept } = tableOf(state, prefix);
  if (!kept || kept.origins.size === 0) return { text: 'nobody announces it', sources: [] };
  if (!state.routers[node]) return { text: `${host} does not speak BGP`, sources: [] };
  const family = familyOf(prefix.family);
  const own = explainPrefix(state, host, family, prefix.text);
  const refused = own?.received.filter(({ accepted }) => !accepted) ?? [];
  const [first] = refused;
  if (first) {
    const sources = refused.flatMap(({ source }) => (source ? [{ ...source, note: 'refused here' }] : []));
    return { text: `it refuses it from ${first.from} (${first.reason})`, sources };
  }
  const unusable = own?.paths.find(({ valid }) => !valid);
  if (unusable) return { text: `its path cannot be used: ${unusable.reason}`, sources: [] };
  return whyNotSent(state, node, prefix);
}

function whyNotSent(state: SimulationState, node: number, prefix: Prefix): Reason {
  const host = nameOf(state, node);
  const family = familyOf(prefix.family);
  const ends = state.ends.filter((end) => end.node === node && end.families.includes(family));
  const neighbors = new Set(
    ends.flatMap(({ state: now, peerNode }) =>
      now === 'Established' && peerNode !== null ? [peerNode] : [],
    ),
  );
  if (neighbors.size === 0) return { text: `${host} has no session up`, sources: [] };
  for (const neighbor of neighbors) {
    const there = explainPrefix(state, nameOf(state, neighbor), family, prefix.text);
    const sent = there?.advertised.find(
      (one) => one.host === host && !one.sent && one.reason !== 'no best path',
    );
    if (sent) {
      const sources = sent.source ? [{ ...sent.source, note: 'kept back here' }] : [];
      return { text: `${nameOf(state, neighbor)} does not send it (${sent.reason})`, sources };
    }
  }
  return { text: 'no neighbor has a route to send', sources: [] };
}
