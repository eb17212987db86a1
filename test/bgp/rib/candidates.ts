import type { AsSegment } from '../../../src/bgp/as-path.ts';
import { internAsPath } from '../../../src/bgp/as-path-table.ts';
import { emptyPath, type PathData } from '../../../src/bgp/attributes.ts';
import type { BgpConfig } from '../../../src/bgp/config.ts';
import { createPathStore, internPath } from '../../../src/bgp/path-store.ts';
import type { Peer, PeerType } from '../../../src/bgp/peer.ts';
import type { RouterProfile } from '../../../src/bgp/profile.ts';
import type { Candidate } from '../../../src/bgp/rib/candidate.ts';
import { createDecisionProcess, type DecisionProcess } from '../../../src/bgp/rib/decide.ts';
import { address, bgpConfig, familyConfig, noOptions, peerConfig } from '../fixtures.ts';

const store = createPathStore();

/** Paths of one store, so that equal ones are the same object. */
export interface Described extends Partial<Omit<PathData, 'asPath'>> {
  readonly as?: readonly (number | readonly number[])[];
  readonly confed?: readonly number[];
  /** 'local' has no peer. */
  readonly type?: PeerType | 'local';
  readonly routerId?: number;
  readonly from?: string;
  readonly remoteAs?: number;
  readonly igpMetric?: number;
  readonly selected?: boolean;
  readonly arrival?: number;
  readonly invalid?: string;
}

/** An eBGP path from 10.0.0.1 with nothing special; what matters is said. A list inside `as` is an AS_SET. */
export function candidate(described: Described = {}): Candidate {
  const {
    as = [],
    confed = [],
    type = 'ebgp',
    routerId = 1,
    from = '10.0.0.1',
    remoteAs,
    ...rest
  } = described;
  const { igpMetric = 0, selected = false, arrival = 0, invalid = null, ...attributes } = rest;
  const segments: AsSegment[] = confed.length > 0 ? [{ kind: 'confed-sequence', asns: confed }] : [];
  for (const part of as) {
    const last = segments.at(-1);
    if (typeof part !== 'number') segments.push({ kind: 'set', asns: part });
    else if (last?.kind === 'sequence')
      segments[segments.length - 1] = { kind: 'sequence', asns: [...last.asns, part] };
    else segments.push({ kind: 'sequence', asns: [part] });
  }
  const asPath = internAsPath(store.asPaths, segments);
  const first = typeof as[0] === 'number' ? as[0] : 65000;
  return {
    path: internPath(store, { ...emptyPath(store), ...attributes, asPath }),
    peer: type === 'local' ? null : peer(type, routerId, from, remoteAs ?? first),
    invalid,
    igpMetric,
    selected,
    arrival,
  };
}

export function peer(
  type: PeerType,
  routerId: number,
  from: string,
  remoteAs: number,
  changes: Partial<Peer> = {},
): Peer {
  return {
    config: peerConfig(from, remoteAs),
    family: 'ipv4-unicast',
    options: familyConfig(),
    type,
    remoteAs,
    address: address(from),
    localAddress: address('10.0.0.254'),
    nextHop: address(from),
    ownNextHop: address('10.0.0.254'),
    routerId,
    interface: 'eth0',
    sharedNetworks: [],
    name: from,
    ...changes,
  };
}

export function processOf(
  profile: RouterProfile,
  options: Partial<BgpConfig['decision']> = {},
  changes: Partial<BgpConfig> = {},
): DecisionProcess {
  const config = bgpConfig(65000, '9.9.9.9', { decision: { ...noOptions, ...options }, ...changes });
  return createDecisionProcess(profile.decision, config);
}
