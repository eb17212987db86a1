import type { BgpConfig, RouterConfig } from '../../../bgp/config.ts';
import { plainInstance } from '../../../bgp/plain-instance.ts';
import { exabgp4Profile } from '../decision.ts';
import { announcements } from './announcements.ts';
import type { FileState } from './file.ts';
import type { FinishedNeighbor } from './finish.ts';
import { isRange, listenRanges, openPorts, peerConfig, peerNotes } from './peers.ts';

/** The router of a file; one that does not start has no BGP. */
export function interpret(state: FileState, host: string): RouterConfig {
  checkProcesses(state);
  const bgp = bgpConfig(state);
  return {
    name: host,
    profile: exabgp4Profile,
    bgp: state.reading.refused ? null : bgp,
    interfaces: [],
    statics: [],
    installsRoutes: false,
    resolveViaDefault: { 4: true, 6: true },
    kernelPolicy: null,
  };
}

function bgpConfig({ neighbors, reading }: FileState): BgpConfig | null {
  const [first] = neighbors;
  if (!first) return null;
  const ports = openPorts(neighbors);
  const named = neighbors.map((neighbor, index) => ({
    neighbor,
    audience: `${neighbor.peer.text} #${index + 1}`,
  }));
  checkNames(neighbors, reading);
  const peers = named.map(({ neighbor, audience }) => {
    peerNotes(neighbor, ports, reading);
    return { neighbor, config: peerConfig(neighbor, audience, first.localAs, ports) };
  });
  return {
    ...nothingDecided,
    asn: first.localAs,
    routerId: first.routerId,
    listenRanges: listenRanges(peers),
    peers: peers.filter(({ neighbor }) => !isRange(neighbor)).map(({ config }) => config),
    originations: named.flatMap(({ neighbor, audience }) => announcements(neighbor, audience, reading)),
    source: first.source,
  };
}

/** Two neighbors that ExaBGP cannot keep apart are refused; two sessions between the same addresses are not simulated. */
function checkNames(neighbors: readonly FinishedNeighbor[], reading: FileState['reading']): void {
  const names = new Set<string>();
  const pairs = new Set<string>();
  for (const neighbor of neighbors) {
    const { peer, localAddress, localAs, peerAs, routerId, source, settings } = neighbor;
    const listen = Number(settings.get('listen')?.value ?? 0);
    const ends = `${localAddress.text} ${localAs} ${peerAs} ${routerId.text}`;
    const name = listen === 0 ? `${peer.text} ${ends}` : `${peer.text} listen ${listen}`;
    if (names.has(name))
      reading.refuse(source, `the neighbor ${peer.text} stands twice`, 'Remove one of the two.');
    else if (pairs.has(`${peer.text} ${localAddress.text}`)) {
      const effect = 'a second session between the same addresses is not simulated';
      reading.note(source, `neighbor ${peer.text}`, effect, true);
    }
    names.add(name);
    pairs.add(`${peer.text} ${localAddress.text}`);
  }
}

/** What a process announces cannot be known from the file; one that no neighbor names reaches nobody. */
function checkProcesses({ processes, neighbors, reading }: FileState): void {
  const used = new Set(neighbors.flatMap((neighbor) => neighbor.processes.map(({ text }) => text)));
  for (const { text, source } of neighbors.flatMap((neighbor) => neighbor.processes)) {
    if (processes.has(text)) continue;
    reading.refused = true;
    reading.undefinedName(
      source,
      `exabgp does not start: there is no process '${text}'`,
      text,
      processes.keys(),
    );
  }
  for (const [name, section] of processes) {
    const matters = used.has(name);
    const effect = matters
      ? 'what the program announces cannot be known from the file'
      : 'no neighbor names it in an api section: what the program announces reaches nobody';
    reading.note(section.source, `process ${name}`, effect, matters);
  }
}

const width = { ebgp: 1, ibgp: 1 };

/** Nothing is selected: these are never asked. */
const nothingDecided = {
  clusterId: null,
  confederation: null,
  decision: {
    alwaysCompareMed: false,
    deterministicMed: false,
    medMissingAsWorst: false,
    medConfed: false,
    asPathIgnore: false,
    asPathConfed: false,
    asPathMultipathRelax: false,
    compareRouterId: false,
    peerTypeMultipathRelax: false,
  },
  maximumPaths: { 'ipv4-unicast': width, 'ipv6-unicast': width },
  defaultLocalPreference: 100,
  ...plainInstance,
  aggregates: [],
} as const satisfies Partial<BgpConfig>;
