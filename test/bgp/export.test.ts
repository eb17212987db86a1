import { describe, expect, it } from 'vitest';
import type { BgpConfig } from '../../src/bgp/config.ts';
import { exportPath } from '../../src/bgp/export.ts';
import type { Policy } from '../../src/bgp/policy/types.ts';
import type { RouterProfile } from '../../src/bgp/profile.ts';
import {
  confederation,
  type Outcome,
  OWN_ID,
  type PeerShape,
  peer,
  type Route,
  route,
  router,
  shown,
  target,
} from './exchange-sample.ts';
import { address, bird, frr, gobgp } from './fixtures.ts';

/** What each daemon makes of its best path before a peer gets it. */
interface ExportRow {
  readonly profile: RouterProfile;
  readonly bgp?: Partial<BgpConfig>;
  /** null: a local path. */
  readonly from?: PeerShape | null;
  readonly to: PeerShape;
  readonly path: Route;
  readonly gives: Outcome;
}

const ibgp = { type: 'ibgp', from: '10.0.0.2' } as const;
const otherIbgp = { type: 'ibgp', from: '10.0.0.3' } as const;
const ebgp = { as: 65002, from: '10.0.0.4' } as const;
const client = { options: { routeReflectorClient: true } };
const local = null;
const setMed: Policy = {
  name: 'med',
  source: null,
  otherwise: 'reject',
  statements: [
    {
      label: '10',
      conditions: [],
      actions: [
        { kind: 'med', amount: { op: 'set', value: 77 } },
        { kind: 'prepend', asns: [1] },
      ],
      verdict: 'accept',
      call: null,
      onMatch: 'exit',
      source: null,
    },
  ],
};
const notReflected = { refused: 'learned over iBGP, neither side is a route reflector client' };

const exports: Readonly<Record<string, ExportRow>> = {
  'to eBGP: own AS in front, self as next hop': {
    profile: frr,
    to: ebgp,
    path: { as: [65001] },
    gives: { asPath: '65000 65001', nextHop: 'self', localPref: null },
  },
  'to iBGP, eBGP-learned: AS_PATH and next hop unchanged, LOCAL_PREF there': {
    profile: frr,
    to: ibgp,
    path: { as: [65001] },
    gives: { asPath: '65001', nextHop: '10.0.0.1', localPref: 100 },
  },
  'to iBGP: default local-preference as configured': {
    profile: frr,
    bgp: { defaultLocalPreference: 250 },
    to: ibgp,
    path: { as: [65001] },
    gives: { localPref: 250 },
  },
  'local route to iBGP: own address': {
    profile: frr,
    from: local,
    to: ibgp,
    path: { source: 'network' },
    gives: { nextHop: 'self', asPath: '' },
  },
  'redistributed with a gateway to iBGP: the gateway': {
    profile: frr,
    from: local,
    to: ibgp,
    path: { source: 'static', nextHop: address('10.9.0.1') },
    gives: { nextHop: '10.9.0.1' },
  },
  'third party: the next hop on the shared segment stays': {
    profile: frr,
    to: { ...ebgp, networks: ['10.0.0.0/24'] },
    path: { as: [65001] },
    gives: { nextHop: '10.0.0.1' },
  },
  'third party: not in GoBGP': {
    profile: gobgp,
    to: { ...ebgp, networks: ['10.0.0.0/24'] },
    path: { as: [65001] },
    gives: { nextHop: 'self' },
  },
  'third party: not off the segment': {
    profile: frr,
    to: { ...ebgp, networks: ['10.5.0.0/24'] },
    path: { as: [65001] },
    gives: { nextHop: 'self' },
  },
  'next-hop-self: eBGP-learned to iBGP': {
    profile: frr,
    to: { ...ibgp, options: { nextHopSelf: 'yes' } },
    path: { as: [65001] },
    gives: { nextHop: 'self' },
  },
  'next-hop-self: not on reflected routes': {
    profile: frr,
    from: ibgp,
    to: { ...otherIbgp, options: { nextHopSelf: 'yes', routeReflectorClient: true } },
    path: {},
    gives: { nextHop: '10.0.0.2' },
  },
  'next-hop-self force: on reflected routes too': {
    profile: frr,
    from: ibgp,
    to: { ...otherIbgp, options: { nextHopSelf: 'force', routeReflectorClient: true } },
    path: {},
    gives: { nextHop: 'self' },
  },
  'attribute-unchanged next-hop to eBGP': {
    profile: frr,
    to: { ...ebgp, options: { nextHopUnchanged: true } },
    path: { as: [65001] },
    gives: { nextHop: '10.0.0.1' },
  },
  'MED to eBGP: a received one goes': {
    profile: frr,
    to: ebgp,
    path: { as: [65001], med: 5 },
    gives: { med: null },
  },
  'MED to eBGP: a local one stays': {
    profile: frr,
    from: local,
    to: ebgp,
    path: { med: 5, source: 'network' },
    gives: { med: 5 },
  },
  'MED to eBGP: policy sets it again': {
    profile: frr,
    to: { ...ebgp, options: { exportPolicy: [setMed] } },
    path: { as: [65001], med: 5 },
    gives: { med: 77 },
  },
  'MED to eBGP: attribute-unchanged med': {
    profile: frr,
    to: { ...ebgp, options: { attributeUnchanged: { asPath: false, nextHop: false, med: true } } },
    path: { as: [65001], med: 5 },
    gives: { med: 5 },
  },
  'MED to iBGP stays': { profile: frr, to: ibgp, path: { as: [65001], med: 5 }, gives: { med: 5 } },
  'export policy prepends before the own AS in FRR': {
    profile: frr,
    to: { ...ebgp, options: { exportPolicy: [setMed] } },
    path: { as: [65001] },
    gives: { asPath: '65000 1 65001' },
  },
  'export policy prepends after the own AS in GoBGP': {
    profile: gobgp,
    to: { ...ebgp, options: { exportPolicy: [setMed] } },
    path: { as: [65001] },
    gives: { asPath: '1 65000 65001' },
  },
  'split horizon: FRR sends back to the source': {
    profile: frr,
    to: {},
    path: { as: [65001] },
    gives: { asPath: '65000 65001' },
  },
  'split horizon: BIRD does not': {
    profile: bird,
    to: {},
    path: { as: [65001] },
    gives: { refused: 'learned from this peer' },
  },
  'sender-side loop: GoBGP does not send to an AS in the path': {
    profile: gobgp,
    to: { ...ebgp, as: 65001 },
    path: { as: [65001] },
    gives: { refused: "AS_PATH holds the peer's AS" },
  },
  'sender-side loop: FRR sends': {
    profile: frr,
    to: { ...ebgp, as: 65001 },
    path: { as: [65001] },
    gives: { asPath: '65000 65001' },
  },
  'no-advertise stops at FRR': {
    profile: frr,
    to: ibgp,
    path: { as: [65001], communities: ['no-advertise'] },
    gives: { refused: 'community no-advertise' },
  },
  'no-export stops before eBGP': {
    profile: frr,
    to: ebgp,
    path: { as: [65001], communities: ['no-export'] },
    gives: { refused: 'community no-export' },
  },
  'no-export passes to iBGP': {
    profile: frr,
    to: ibgp,
    path: { as: [65001], communities: ['no-export'] },
    gives: { communities: ['65535:65281'] },
  },
  'no-export passes to a confederation peer': {
    profile: frr,
    to: { type: 'confed', as: 65100 },
    path: { as: [65001], communities: ['no-export'] },
    gives: { communities: ['65535:65281'] },
  },
  'local-AS stops before a confederation peer': {
    profile: frr,
    to: { type: 'confed', as: 65100 },
    path: { as: [65001], communities: ['local-AS'] },
    gives: { refused: 'community local-AS' },
  },
  'well-known communities mean nothing to GoBGP': {
    profile: gobgp,
    to: ebgp,
    path: { as: [65001], communities: ['no-advertise', 'no-export'] },
    gives: { asPath: '65000 65001' },
  },
  'RFC 8212: no export policy, nothing sent': {
    profile: frr,
    bgp: { ebgpRequiresPolicy: true },
    to: ebgp,
    path: { as: [65001] },
    gives: { refused: 'no export policy on an eBGP session (RFC 8212)' },
  },
  'iBGP to iBGP: not without reflection': {
    profile: frr,
    from: ibgp,
    to: otherIbgp,
    path: {},
    gives: notReflected,
  },
  'reflection: from a client to all': {
    profile: frr,
    from: { ...ibgp, ...client },
    to: otherIbgp,
    path: {},
    gives: { originatorId: 7, clusterList: [OWN_ID] },
  },
  'reflection: to a client from all': {
    profile: frr,
    from: ibgp,
    to: { ...otherIbgp, ...client },
    path: {},
    gives: { originatorId: 7, clusterList: [OWN_ID] },
  },
  'reflection: ORIGINATOR_ID stays, cluster id goes in front': {
    profile: frr,
    from: ibgp,
    to: { ...otherIbgp, ...client },
    path: { originatorId: 3, clusterList: [5] },
    gives: { originatorId: 3, clusterList: [OWN_ID, 5] },
  },
  'reflection: the configured cluster id': {
    profile: frr,
    bgp: { clusterId: address('0.0.0.44') },
    from: ibgp,
    to: { ...otherIbgp, ...client },
    path: {},
    gives: { clusterList: [44] },
  },
  'reflection: FRR leaves eBGP-learned routes bare': {
    profile: frr,
    to: { ...ibgp, ...client },
    path: { as: [65001] },
    gives: { originatorId: null, clusterList: [] },
  },
  'reflection: GoBGP adds both to eBGP-learned routes to clients': {
    profile: gobgp,
    to: { ...ibgp, ...client },
    path: { as: [65001] },
    gives: { originatorId: 7, clusterList: [OWN_ID] },
  },
  'reflection: GoBGP adds both to local routes to clients': {
    profile: gobgp,
    from: local,
    to: { ...ibgp, ...client },
    path: { source: 'announce' },
    gives: { originatorId: OWN_ID, clusterList: [OWN_ID] },
  },
  'reflection: GoBGP strips both towards non-clients': {
    profile: gobgp,
    from: { ...ibgp, ...client },
    to: otherIbgp,
    path: { originatorId: 3, clusterList: [5] },
    gives: { originatorId: null, clusterList: [] },
  },
  'reflection: FRR ignores set clauses': {
    profile: frr,
    from: ibgp,
    to: { ...otherIbgp, options: { routeReflectorClient: true, exportPolicy: [setMed] } },
    path: { med: 5 },
    gives: { med: 5 },
  },
  'reflection: GoBGP obeys them': {
    profile: gobgp,
    from: ibgp,
    to: { ...otherIbgp, options: { routeReflectorClient: true, exportPolicy: [setMed] } },
    path: { med: 5 },
    gives: { med: 77 },
  },
  'reflection: GoBGP checks the cluster before sending to a client': {
    profile: gobgp,
    from: ibgp,
    to: { ...otherIbgp, ...client },
    path: { clusterList: [OWN_ID] },
    gives: { refused: 'CLUSTER_LIST holds the own cluster id' },
  },
  'reflection attributes end at the AS border': {
    profile: frr,
    from: ibgp,
    to: ebgp,
    path: { originatorId: 3, clusterList: [5] },
    gives: { originatorId: null, clusterList: [] },
  },
  'send-community off': {
    profile: frr,
    to: { ...ebgp, options: { sendCommunity: { standard: false, extended: false, large: false } } },
    path: { as: [65001], communities: ['65000:1'] },
    gives: { communities: [] },
  },
  'as-override': {
    profile: frr,
    to: { ...ebgp, options: { asOverride: true } },
    path: { as: [65001, 65002] },
    gives: { asPath: '65000 65001 65000' },
  },
  'remove-private-as: plain, whole path private': {
    profile: frr,
    to: { as: 3000, from: '10.0.0.4', options: { removePrivateAs: { all: false, replaceAs: false } } },
    path: { as: [64512, 64513] },
    gives: { asPath: '65000' },
  },
  'remove-private-as: plain, a public AS keeps all': {
    profile: frr,
    to: { as: 3000, from: '10.0.0.4', options: { removePrivateAs: { all: false, replaceAs: false } } },
    path: { as: [64512, 2000] },
    gives: { asPath: '65000 64512 2000' },
  },
  'remove-private-as all': {
    profile: frr,
    to: { as: 3000, from: '10.0.0.4', options: { removePrivateAs: { all: true, replaceAs: false } } },
    path: { as: [64512, 2000] },
    gives: { asPath: '65000 2000' },
  },
  'remove-private-as all replace-AS': {
    profile: frr,
    to: { as: 3000, from: '10.0.0.4', options: { removePrivateAs: { all: true, replaceAs: true } } },
    path: { as: [64512, 2000] },
    gives: { asPath: '65000 65000 2000' },
  },
  "remove-private-as keeps the peer's ASN": {
    profile: frr,
    to: { as: 64512, from: '10.0.0.4', options: { removePrivateAs: { all: true, replaceAs: false } } },
    path: { as: [64512, 64513] },
    gives: { asPath: '65000 64512' },
  },
  'local-as: both in front': {
    profile: frr,
    to: { ...ebgp, config: { localAs: { asn: 64999, noPrepend: false, replaceAs: false } } },
    path: { as: [65001] },
    gives: { asPath: '64999 65000 65001' },
  },
  'local-as replace-as: only it': {
    profile: frr,
    to: { ...ebgp, config: { localAs: { asn: 64999, noPrepend: true, replaceAs: true } } },
    path: { as: [65001] },
    gives: { asPath: '64999 65001' },
  },
  'route server client: transparent': {
    profile: frr,
    from: { options: { routeServerClient: true } },
    to: { ...ebgp, options: { routeServerClient: true } },
    path: { as: [65001], med: 5 },
    gives: { asPath: '65001', nextHop: '10.0.0.1', med: 5 },
  },
  'confederation: to another member': {
    profile: frr,
    bgp: { asn: 65100, confederation },
    to: { type: 'confed', as: 65200 },
    path: { as: [65001], localPref: 150, med: 5 },
    gives: { asPath: '(65100) 65001', localPref: 150, med: 5, nextHop: '10.0.0.1' },
  },
  'confederation: outside it the identifier stands for all': {
    profile: frr,
    bgp: { asn: 65100, confederation },
    to: ebgp,
    path: { as: [65001] },
    gives: { asPath: '65000 65001' },
  },
  'graceful shutdown: LOCAL_PREF 0 to iBGP': {
    profile: frr,
    bgp: { gracefulShutdown: true },
    to: ibgp,
    path: { as: [65001] },
    gives: { localPref: 0 },
  },
  'graceful shutdown: the community to eBGP': {
    profile: frr,
    bgp: { gracefulShutdown: true },
    to: ebgp,
    path: { as: [65001] },
    gives: { communities: ['65535:0'] },
  },
};

describe('export', () => {
  it.each(Object.entries(exports))('%s', (_name, { profile, bgp, from = {}, to, path, gives }) => {
    const own = router(profile, bgp);
    const source = from === null ? null : peer(from);
    // Sending back is meant only where the destination is described as the source itself.
    const destination = Object.keys(to).length === 0 && source ? source : peer(to);
    const best = {
      path: route(own, path),
      peer: source,
      invalid: null,
      igpMetric: 0,
      selected: true,
      arrival: 1,
    };
    const outcome = exportPath(own, destination, target, best);
    const result = shown(outcome.path, outcome.path === null ? outcome.suppressed : '');
    expect(result).toMatchObject(gives);
    if ('weight' in result) expect(result.weight).toBe(0);
  });
});
