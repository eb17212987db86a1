import type { Topology } from './topology.ts';

/** More paths than this are not followed over one session; the outcome then says so. */
const MOST_LANES = 64;
/** Networks, redistribution and an aggregate of its own. */
const OWN_PATHS = 4;

/** Adds the slots for what comes beside the first path. As many paths can come as the sender has sources. */
export function withLanes(topology: Omit<Topology, 'lanes'>): Topology {
  const { peers, reverse, owner } = topology;
  const senders = peers
    .slotsWhere(({ options }) => options.addPathSend !== 'none')
    .filter((slot) => peers.at(reverse[slot] ?? -1)?.options.addPathReceive);
  if (senders.length === 0) return { ...topology, lanes: new Map() };
  const sources = sourcesOf(topology, senders);
  const lanes = new Map<number, Int32Array>();
  const extra: number[] = [];
  for (const slot of senders) {
    const far = reverse[slot] ?? 0;
    const count = Math.min(MOST_LANES, sources[owner[slot] ?? 0] ?? 1);
    const laneSlot = (lane: number) => (lane === 0 ? far : peers.length + extra.push(far) - 1);
    lanes.set(
      slot,
      Int32Array.from({ length: count }, (_, lane) => laneSlot(lane)),
    );
  }
  const also = (values: Int32Array) => Int32Array.from([...values, ...extra.map((far) => values[far] ?? 0)]);
  return {
    ...topology,
    owner: also(owner),
    reverse: also(reverse),
    peers: peers.withExtra(extra),
    sessions: also(topology.sessions),
    lanes,
  };
}

/** How many paths for one prefix a router may have; what comes over several lanes may be passed on over as many. */
function sourcesOf(
  { routers, slotStart, owner, reverse }: Omit<Topology, 'lanes'>,
  senders: readonly number[],
): readonly number[] {
  let sources = routers.map(
    (_router, node) => (slotStart[node + 1] ?? 0) - (slotStart[node] ?? 0) + OWN_PATHS,
  );
  for (let round = 0; round < 3; round++) {
    const next = [...sources];
    for (const slot of senders) {
      const to = owner[reverse[slot] ?? 0] ?? 0;
      next[to] = Math.min(MOST_LANES, (next[to] ?? 0) + (sources[owner[slot] ?? 0] ?? 0));
    }
    sources = next;
  }
  return sources;
}
