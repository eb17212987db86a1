import { isCarried, type TableFamily } from '../../base/family.ts';
import type { PeerFamilyConfig } from '../../bgp/peer-family-config.ts';
import { familyText } from '../../bgp/wire/negotiated.ts';
import type { Open } from '../../bgp/wire/open.ts';
import type { Neighbor } from '../neighbor/neighbor.ts';
import { familiesOfPeer, familyKeys } from '../session/our-open.ts';
import type { Speaker } from '../speaker.ts';
import { dotted } from './path-view.ts';
import type { NeighborFamilyView, NeighborView } from './types.ts';

export function neighborView(speaker: Speaker, neighbor: Neighbor): NeighborView {
  const { config, session } = neighbor;
  const { agreement } = session;
  const up = session.state === 'Established';
  const theirs = up ? agreement?.theirs : undefined;
  const { received, sent, updatesReceived, updatesSent } = session.counters;
  const secondsSince = (time: number | null) =>
    time === null ? null : Math.floor((speaker.environment.now() - time) / 1000);
  return {
    name: neighbor.name,
    description: config.description,
    localAs: neighbor.localAs,
    remoteAs: theirs?.asn ?? config.remoteAs,
    type: neighbor.type,
    state: session.state,
    reason: up ? null : whyNotUp(neighbor),
    problem: neighbor.problem,
    dynamic: neighbor.dynamic,
    passive: config.passive,
    routerId: theirs ? dotted(theirs.identifier) : null,
    localAddress: session.connection?.local?.text ?? null,
    remoteAddress: session.connection?.remote?.text ?? null,
    uptimeSeconds: secondsSince(neighbor.establishedAt),
    downSeconds: secondsSince(neighbor.lostAt),
    timers: {
      holdTime: up ? (agreement?.holdTime ?? 0) : config.timers.hold,
      keepalive: config.timers.keepalive,
      connectRetry: neighbor.connectRetry,
    },
    flaps: { ...neighbor.flaps },
    messages: { received, sent, updatesReceived, updatesSent },
    families: familyViews(speaker, neighbor),
    capabilities:
      up && agreement ? { ours: capabilities(agreement.ours), theirs: capabilities(agreement.theirs) } : null,
  };
}

function familyViews(speaker: Speaker, neighbor: Neighbor): readonly NeighborFamilyView[] {
  const { families, carried } = neighbor.config;
  const all: Partial<Record<TableFamily, PeerFamilyConfig>> = { ...families, ...carried };
  return familiesOfPeer(neighbor.config).flatMap((family) => {
    const options = all[family];
    if (!options) return [];
    const key = familyKeys[family];
    const table = isCarried(family) ? speaker.carried.get(key)?.rib : speaker.tables.get(family)?.table;
    const counts = table?.countOf(neighbor.number);
    const out = (neighbor.members.get(key) ?? neighbor.carried.members.get(key))?.out;
    return {
      family,
      received: counts?.received ?? 0,
      accepted: counts?.accepted ?? 0,
      advertised: out?.announced ?? 0,
      waiting: out?.waiting ?? 0,
      maximumPrefix: options.maximumPrefix,
      endOfRib: neighbor.heardAll.has(key),
    };
  });
}

/** What the session waits for. */
function whyNotUp({ config, running, stopped, session, target, problem }: Neighbor): string {
  if (config.shutdown) return 'shut down by the configuration';
  if (!running) return stopped ?? 'not started';
  const last = problem === null ? '' : `; the last time: ${problem}`;
  switch (session.state) {
    case 'Idle':
      return `waits before it tries again${last}`;
    case 'Connect':
      return `calls ${target?.address.text ?? ''} port ${target?.port ?? 179}${last}`;
    case 'Active':
      return target === null
        ? `waits for the peer to call${last}`
        : `waits for its next attempt or for a call${last}`;
    default:
      return `connected, the OPEN of the peer is still to come or to be confirmed${last}`;
  }
}

/** What an OPEN offers, in the words of the registry. */
function capabilities({ capabilities: offered }: Open): readonly string[] {
  const { multiprotocol, unknown = [], ...rest } = offered;
  const named = Object.entries(rest).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return name.replace(/([A-Z])/g, (letter) => `-${letter.toLowerCase()}`);
  });
  return [
    ...multiprotocol.map((family) => `multiprotocol ${familyText(family)}`),
    ...named.sort(),
    ...unknown.map(({ code }) => `capability ${code}`),
  ];
}
