import type { Daemon } from '../../../model/fabric.ts';

/**
 * How the members of the family spell things and what they lack, as data for the writer. The reader has tables of its own
 * (rule 1). Sources: Quagga 1.2.3 `bgpd/*.c` command definitions and `bgp_config_write`; FRR 8.4.4 `show running-config`; FRR 10
 * `bgpd/bgp_vty.c`.
 */
export interface Dialect {
  readonly id: 'quagga-1.2' | 'frr-8.4' | 'frr-10';
  /** `ip as-path access-list` (Quagga) or `bgp as-path access-list` (FRR from 7.5). */
  readonly asPathList: string;
  readonly communityList: string;
  readonly largeCommunityList: string;
  /** Do as-path and community lists carry `seq N`? FRR shows them with it. */
  readonly listSequence: boolean;
  readonly nextHopSelfForce: 'force' | 'all';
  readonly blackhole: 'blackhole' | 'Null0';
  /** Seconds, where no line says otherwise. */
  readonly connectRetry: number;
  readonly debugNames: 'quagga' | 'frr';
  readonly features: Features;
}

/** What `limits` asks: true where the daemon has it. */
export interface Features {
  readonly listenRange: boolean;
  readonly asOverride: boolean;
  readonly removePrivateAsAll: boolean;
  /** Outbound policy and session timers of a member may differ from its group's (FRR); Quagga refuses the line. */
  readonly memberOutbound: boolean;
  readonly ebgpRequiresPolicy: boolean;
  readonly ipv6AsSet: boolean;
  readonly setNextHopUnchanged: boolean;
  /** In 8.4 only zebra knows it, and bgpd applies the route-map as if the line were not there. */
  readonly matchSourceProtocol: boolean;
  readonly staticViaAndInterface: boolean;
  readonly relativeLocalPreference: boolean;
  /** `weight` and `maximum-prefix` per family (FRR); Quagga's weight belongs to the neighbor. */
  readonly weightPerFamily: boolean;
  readonly maximumPathsLimit: number;
}

const frrFeatures: Features = {
  listenRange: true,
  asOverride: true,
  removePrivateAsAll: true,
  memberOutbound: true,
  ebgpRequiresPolicy: true,
  ipv6AsSet: true,
  setNextHopUnchanged: true,
  matchSourceProtocol: true,
  staticViaAndInterface: true,
  relativeLocalPreference: true,
  weightPerFamily: true,
  maximumPathsLimit: 256,
};

const frr: Omit<Dialect, 'id' | 'connectRetry'> = {
  asPathList: 'bgp as-path access-list',
  communityList: 'bgp community-list',
  largeCommunityList: 'bgp large-community-list',
  listSequence: true,
  nextHopSelfForce: 'force',
  blackhole: 'blackhole',
  debugNames: 'frr',
  features: frrFeatures,
};

const quagga: Dialect = {
  id: 'quagga-1.2',
  asPathList: 'ip as-path access-list',
  communityList: 'ip community-list',
  largeCommunityList: 'ip large-community-list',
  listSequence: false,
  nextHopSelfForce: 'all',
  blackhole: 'Null0',
  connectRetry: 5,
  debugNames: 'quagga',
  features: {
    listenRange: false,
    asOverride: false,
    removePrivateAsAll: false,
    memberOutbound: false,
    ebgpRequiresPolicy: false,
    ipv6AsSet: false,
    setNextHopUnchanged: false,
    matchSourceProtocol: false,
    staticViaAndInterface: false,
    relativeLocalPreference: false,
    weightPerFamily: false,
    maximumPathsLimit: 64,
  },
};

/** The dialect a host's daemon speaks; FRR before 10 is written as 8.4. */
export function dialectOf(daemon: Daemon): Dialect {
  if (daemon.kind === 'quagga') return quagga;
  const major = Number.parseInt(daemon.version, 10);
  return {
    id: major >= 10 ? 'frr-10' : 'frr-8.4',
    connectRetry: daemon.defaults === 'datacenter' ? 10 : 120,
    ...frr,
    features: { ...frrFeatures, matchSourceProtocol: major >= 10 },
  };
}

/** Values the daemon holds when nothing is written; a line that says them again would not survive a reload (FRR shows only differences). */
export interface InstanceDefaults {
  readonly keepalive: number;
  readonly hold: number;
  readonly importCheck: boolean;
  readonly ebgpRequiresPolicy: boolean;
  readonly deterministicMed: boolean;
}

export function instanceDefaults(daemon: Daemon): InstanceDefaults {
  if (daemon.kind === 'quagga') {
    // Quagga is restarted, not compared: timers are always written.
    return { keepalive: 0, hold: 0, importCheck: false, ebgpRequiresPolicy: false, deterministicMed: false };
  }
  const datacenter = daemon.defaults === 'datacenter';
  return {
    keepalive: datacenter ? 3 : 60,
    hold: datacenter ? 9 : 180,
    importCheck: true,
    ebgpRequiresPolicy: !datacenter,
    deterministicMed: datacenter,
  };
}
