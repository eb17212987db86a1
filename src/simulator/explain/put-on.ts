import { NO_ADVERTISE, NO_EXPORT, NO_EXPORT_SUBCONFED } from '../../bgp/communities.ts';
import { exportPath } from '../../bgp/export.ts';
import { importPath } from '../../bgp/import.ts';
import { nameOf } from '../checks/names.ts';
import { type Engine, routerAt } from '../engine/engine.ts';
import type { SimulationState } from '../state.ts';
import { hostOf } from '../table/beside.ts';
import { type Cause, causeOf, plainCause } from './cause.ts';
import { originSource } from './origins.ts';

const values: readonly (readonly [words: string, community: number])[] = [
  ['no-advertise', NO_ADVERTISE],
  ['no-export', NO_EXPORT],
  ['local-AS', NO_EXPORT_SUBCONFED],
];

/** The community that keeps a best path at `node`, and where on its way here it was put on. */
export function communityCause(state: SimulationState, engine: Engine, node: number, words: string): Cause {
  const host = nameOf(state, hostOf(engine.topology, node));
  const community = values.find(([name]) => words.includes(name))?.[1];
  const put = community === undefined ? null : putOnAt(state, engine, node, community);
  if (!put) return plainCause(host, words);
  const whose = put.host === host ? 'it' : put.host;
  const by = put.reason === '' ? '' : ` by ${put.reason}`;
  // The policy is another host's: only its line is named.
  return plainCause(host, `${words}, which ${whose} puts on${by}`, put.source);
}

/** Back along the path, to the first host that did not get it with the community. */
function putOnAt(state: SimulationState, engine: Engine, from: number, community: number): Cause | null {
  const { topology, prefix } = engine;
  const hasIt = ({ communities }: { readonly communities: readonly number[] }) =>
    communities.includes(community);
  const passed = new Set<number>();
  for (let node = from; !passed.has(node); ) {
    passed.add(node);
    const best = engine.best[node];
    if (!best || !hasIt(best.path)) return null;
    const host = nameOf(state, hostOf(topology, node));
    const [slot, peer] = [best.slot, topology.peers.at(best.slot)];
    if (slot < 0 || !peer) return plainCause(host, '', originSource(state, node, best.path.source, prefix));
    const wire = engine.paths[engine.received[slot] ?? 0];
    if (!wire) return null;
    if (!hasIt(wire)) {
      const { path, reason } = importPath(routerAt(topology, node), peer, prefix, wire);
      return path && reason ? causeOf(host, '', reason, prefix) : null;
    }
    const back = topology.reverse[slot] ?? -1;
    const sender = topology.owner[back] ?? -1;
    const [said, to] = [engine.best[sender], topology.peers.at(back)];
    if (!said || !to) return null;
    if (!hasIt(said.path)) {
      const { path, reason } = exportPath(routerAt(topology, sender), to, prefix, said);
      return path && reason ? causeOf(nameOf(state, hostOf(topology, sender)), '', reason, prefix) : null;
    }
    node = sender;
  }
  return null;
}
