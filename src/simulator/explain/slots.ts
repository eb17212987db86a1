import { contains } from '../../base/ip.ts';
import { exportPath } from '../../bgp/export.ts';
import { importPath } from '../../bgp/import.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import { hiddenBehindDefault } from '../../bgp/zero-networks.ts';
import { nameOf } from '../checks/names.ts';
import { conditionally } from '../engine/conditional.ts';
import { type Engine, routerAt } from '../engine/engine.ts';
import { keepsSilent, withheld } from '../engine/fib-pending.ts';
import { hasServerPaths, isServerClient, pathsForClient } from '../engine/server-table.ts';
import { groupWire } from '../engine/tell.ts';
import type { SimulationState } from '../state.ts';
import { hostOf, sessionSlots } from '../table/beside.ts';
import { type Cause, causeOf, peerCause, plainCause } from './cause.ts';
import { communityCause } from './put-on.ts';

/** What one session brought of the prefix the engine holds, before policy, with the verdict on it. */
export interface ReceivedRoute extends Cause {
  /** The peer as tables name it, and whose host it is. */
  readonly from: string;
  readonly fromHost: string;
  readonly asPath: string;
  readonly nextHop: string;
  readonly accepted: boolean;
}

/** What one session is told, with the verdict on what it is not told. */
export interface AdvertisedRoute extends Cause {
  readonly to: string;
  readonly toHost: string;
  readonly sent: boolean;
  readonly asPath: string;
  readonly nextHop: string;
}

/** The session slots of a node, whatever table they are in, in the order of its configuration. */
export function slotsOf({ topology }: Engine, node: number): readonly number[] {
  return sessionSlots(topology, node);
}

/** The node at the other end of a slot. */
export function farNode({ topology }: Engine, slot: number): number {
  return hostOf(topology, topology.owner[topology.reverse[slot] ?? -1] ?? -1);
}

/** null: nothing came. */
export function receivedOn(state: SimulationState, engine: Engine, slot: number): ReceivedRoute | null {
  const wire = engine.paths[engine.received[slot] ?? 0];
  const peer = engine.topology.peers.at(slot);
  const node = engine.topology.owner[slot] ?? -1;
  if (!wire || !peer) return null;
  const host = nameOf(state, hostOf(engine.topology, node));
  const outcome = importPath(routerAt(engine.topology, node), peer, engine.prefix, wire);
  const refused = outcome.path === null ? outcome.refused : '';
  return {
    from: peer.name,
    fromHost: nameOf(state, farNode(engine, slot)),
    asPath: wire.asPath.text,
    nextHop: (wire.nextHop ?? peer.nextHop)?.text ?? peer.name,
    accepted: outcome.path !== null,
    ...(outcome.path === null && !outcome.reason
      ? peerCause(host, withPath(refused, wire.asPath.text), peer.config)
      : causeOf(host, '', outcome.reason, engine.prefix)),
  };
}

/** What the peer of a slot is told of the best path, or why nothing. */
export function advertisedOn(state: SimulationState, engine: Engine, slot: number): AdvertisedRoute {
  const { topology } = engine;
  const node = topology.owner[slot] ?? -1;
  const peer = topology.peers.at(slot);
  const sent = engine.paths[engine.sent[slot] ?? 0];
  const nextHop = sent ? (sent.nextHop ?? peer?.ownNextHop) : null;
  return {
    to: peer?.name ?? '',
    toHost: nameOf(state, farNode(engine, slot)),
    sent: sent !== undefined,
    asPath: sent?.asPath.text ?? '',
    nextHop: nextHop?.text ?? '',
    ...exportCause(state, engine, node, slot),
  };
}

function exportCause(state: SimulationState, engine: Engine, node: number, slot: number): Cause {
  const host = nameOf(state, hostOf(engine.topology, node));
  const router = routerAt(engine.topology, node);
  const peer = engine.topology.peers.at(slot);
  const best = engine.best[node];
  if (engine.prefix.length === 0 && peer?.options.defaultOriginate)
    return gateCause(engine, host, slot, peer);
  if (peer && hiddenBehindDefault(router, peer, engine.prefix))
    return plainCause(host, 'default-originate keeps back what begins with 0.0.0.0');
  if (peer && isServerClient(router, peer)) return clientCause(engine, host, node, router, peer);
  if (!best || !peer) {
    const apart = hasServerPaths(engine.lists[node]);
    return plainCause(host, apart ? 'it is for clients of the route server alone' : 'no best path');
  }
  const outcome = exportPath(router, peer, engine.prefix, best);
  if (outcome.path === null) {
    if (outcome.reason) return causeOf(host, '', outcome.reason, engine.prefix);
    // A community was put on somewhere else; everything else is how the session is set up.
    if (outcome.suppressed.startsWith('community'))
      return communityCause(state, engine, node, outcome.suppressed);
    return peerCause(host, withPath(outcome.suppressed, best.path.asPath.text), peer.config);
  }
  if (engine.full.includes(slot)) return fullCause(state, engine, slot, peer);
  const group = engine.groups[node]?.find(({ slots }) => slots.includes(slot));
  if (group && conditionally(engine.met, node, router, group, engine.prefix, best) === 'withheld')
    return peerCause(host, 'advertise-map: its condition does not hold', peer.config);
  if (keepsSilent(engine, node, router) && engine.sent[slot] === 0)
    return plainCause(host, 'suppress-fib-pending: a neighbor said it first, and the kernel never gets that');
  const kept = withheld(engine, node, router, best);
  if (kept !== null) return plainCause(host, kept);
  if (group && groupWire(engine, router, node, group, best) === 0)
    return plainCause(host, 'covered by a summary-only aggregate', aggregateSource(engine, node));
  return causeOf(host, '', outcome.reason, engine.prefix);
}

/** A client of a route server with a table of its own for them. */
function clientCause(engine: Engine, host: string, node: number, router: Router, peer: Peer): Cause {
  const list = engine.lists[node] ?? [];
  if (!hasServerPaths(list))
    return peerCause(host, 'no other client of the route server says it', peer.config);
  const [chosen] = pathsForClient(router, peer, list);
  if (!chosen) {
    const reason = `the other clients of the route server say nothing of it without AS ${peer.remoteAs}`;
    return peerCause(host, reason, peer.config);
  }
  const outcome = exportPath(router, peer, engine.prefix, { ...chosen, invalid: null });
  if (outcome.path === null && !outcome.reason) return peerCause(host, outcome.suppressed, peer.config);
  return causeOf(host, '', outcome.reason, engine.prefix);
}

/** A limit at this end, or the neighbor's. */
function fullCause(state: SimulationState, engine: Engine, slot: number, { options, config }: Peer): Cause {
  const far = engine.topology.peers.at(engine.topology.reverse[slot] ?? -1);
  if (options.maximumPrefixOut === undefined && far)
    return peerCause(
      nameOf(state, farNode(engine, slot)),
      'import limit: other prefixes took the room',
      far.config,
    );
  const host = nameOf(state, hostOf(engine.topology, engine.topology.owner[slot] ?? -1));
  return peerCause(host, 'maximum-prefix-out: other prefixes took the room', config);
}

/** `default-originate` speaks instead of the table. */
function gateCause(engine: Engine, host: string, slot: number, { options, config }: Peer): Cause {
  const policy = options.defaultOriginate?.policy ?? null;
  if (engine.sent[slot] !== 0) return peerCause(host, 'default-originate', config);
  const reason = `default-originate waits for a route that passes route-map ${policy?.name ?? ''}`;
  return { ...peerCause(host, reason, config), source: policy?.source ?? config.source };
}

function aggregateSource(engine: Engine, node: number) {
  const { bgp } = routerAt(engine.topology, node);
  const { prefix } = engine;
  const covering = bgp.aggregates.find(
    (one) => one.summaryOnly && one.prefix.length < prefix.length && contains(one.prefix, prefix),
  );
  return covering?.source ?? null;
}

/** A loop is seen in the path itself. */
function withPath(words: string, asPath: string): string {
  return words.startsWith('AS_PATH') && asPath !== '' ? `${words} (${asPath})` : words;
}
