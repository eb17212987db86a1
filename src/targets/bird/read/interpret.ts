import { addressOf } from '../../../base/ip.ts';
import type { BgpConfig, RouterConfig } from '../../../bgp/config.ts';
import type { PeerConfig } from '../../../bgp/peer-config.ts';
import { plainInstance } from '../../../bgp/plain-instance.ts';
import { bird2Profile, bird2SortedProfile } from '../decision.ts';
import type { ConfigDraft } from './config.ts';
import { decisionOptions } from './decision-options.ts';
import type { ProtocolDraft } from './draft.ts';
import { type PeerContext, peerOf } from './peers.ts';
import type { Reading } from './reading.ts';
import { refuseProtocols } from './refused-protocols.ts';
import { tableConfig } from './tables.ts';
import { flag, numberOf } from './values.ts';

/** The router that the protocols make, with BIRD's defaults filled in. */
export function interpret(config: ConfigDraft, host: string, reading: Reading): RouterConfig {
  refuseProtocols(config.protocols, reading);
  const running = config.protocols.filter((draft) => !flag(draft, 'disabled'));
  const sessions = config.protocols.filter(({ kind }) => kind === 'bgp');
  const table = tableConfig(running, reading);
  const watchers = running.flatMap(({ bfd }) => bfd ?? []);
  return {
    name: host,
    profile: config.sortedTables.size > 0 ? bird2SortedProfile : bird2Profile,
    bgp: bgpConfig(config, sessions, table.width, reading),
    interfaces: [],
    statics: [],
    installsRoutes: Object.keys(table.config.kernel).length > 0,
    resolveViaDefault: { 4: true, 6: true },
    kernelPolicy: null,
    table: table.config,
    ...(watchers.length === 0 ? {} : { bfd: watchers }),
  };
}

/** The AS of most sessions is the router's; sessions with another have it as their own. */
function commonAs(sessions: readonly ProtocolDraft[]): number {
  const counts = new Map<number, number>();
  for (const draft of sessions) {
    const asn = numberOf(draft, 'local as') ?? 0;
    counts.set(asn, (counts.get(asn) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

function bgpConfig(
  config: ConfigDraft,
  sessions: readonly ProtocolDraft[],
  width: BgpConfig['maximumPaths'],
  reading: Reading,
): BgpConfig {
  const asn = commonAs(sessions);
  const decision = decisionOptions(sessions);
  const context: PeerContext = {
    asn,
    sessions,
    reading,
    bySession: decision.bySession === true,
    sortedTables: config.sortedTables,
  };
  const peers: PeerConfig[] = [];
  const listenRanges: BgpConfig['listenRanges'][number][] = [];
  for (const draft of sessions) {
    const peer = peerOf(draft, context);
    if (!peer) continue;
    const range = draft.neighbor?.range;
    if (range) listenRanges.push({ prefix: range, peer, source: draft.source });
    else peers.push(peer);
  }
  const first = sessions[0];
  return {
    asn,
    routerId: config.routerId === null ? null : addressOf(4, BigInt(config.routerId)),
    clusterId: null,
    confederation: confederation(sessions, asn),
    decision,
    maximumPaths: width,
    defaultLocalPreference: first ? (numberOf(first, 'default bgp_local_pref') ?? 100) : 100,
    ...plainInstance,
    listenRanges,
    peers,
    originations: [],
    aggregates: [],
    source: first?.source ?? null,
  };
}

/** `confederation ID` stands in each session; its members are those marked so. */
function confederation(sessions: readonly ProtocolDraft[], asn: number): BgpConfig['confederation'] {
  const identifier = sessions.map((draft) => numberOf(draft, 'confederation')).find((one) => one !== null);
  if (identifier === undefined || identifier === null) return null;
  const members = sessions
    .filter((draft) => flag(draft, 'confederation member'))
    .map((draft) => numberOf(draft, 'neighbor as') ?? 0)
    .filter((member) => member !== 0 && member !== asn);
  return { identifier, members: [...new Set(members)] };
}
