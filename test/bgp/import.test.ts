import { describe, expect, it } from 'vitest';
import type { BgpConfig } from '../../src/bgp/config.ts';
import { importPath } from '../../src/bgp/import.ts';
import type { RouterProfile } from '../../src/bgp/profile.ts';
import {
  acceptAll,
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
import { address, frr, frr10, gobgp } from './fixtures.ts';

/** What each daemon makes of a route that comes in. */
interface ImportRow {
  readonly profile: RouterProfile;
  readonly bgp?: Partial<BgpConfig>;
  readonly peer?: PeerShape;
  readonly wire: Route;
  readonly gives: Outcome;
}

const imports: Readonly<Record<string, ImportRow>> = {
  'LOCAL_PREF from eBGP is ignored by FRR': {
    profile: frr,
    wire: { as: [65001], localPref: 300 },
    gives: { localPref: null },
  },
  'LOCAL_PREF from eBGP is kept by GoBGP': {
    profile: gobgp,
    wire: { as: [65001], localPref: 300 },
    gives: { localPref: 300 },
  },
  'LOCAL_PREF from iBGP is kept': {
    profile: frr,
    peer: { type: 'ibgp' },
    wire: { localPref: 300 },
    gives: { localPref: 300 },
  },
  'MED is kept': { profile: frr, wire: { as: [65001], med: 5 }, gives: { med: 5 } },
  'the own AS in the AS_PATH is a loop': {
    profile: frr,
    wire: { as: [65001, 65000] },
    gives: { refused: 'AS_PATH holds the own AS' },
  },
  'allowas-in takes as many': {
    profile: frr,
    peer: { options: { allowasIn: 2 } },
    wire: { as: [65001, 65000, 65000] },
    gives: { asPath: '65001 65000 65000' },
  },
  'allowas-in takes no more': {
    profile: frr,
    peer: { options: { allowasIn: 1 } },
    wire: { as: [65001, 65000, 65000] },
    gives: { refused: 'AS_PATH holds the own AS' },
  },
  'allowas-in origin takes what the own AS begins': {
    profile: frr,
    peer: { options: { allowasInOrigin: true } },
    wire: { as: [65001, 65000], set: [7] },
    gives: { asPath: '65001 65000 {7}' },
  },
  'allowas-in origin takes what another member of the own AS begins': {
    profile: frr,
    bgp: { asn: 65100, confederation },
    peer: { type: 'confed', options: { allowasInOrigin: true } },
    wire: { confed: [65200, 65100] },
    gives: { asPath: '(65200 65100)' },
  },
  'allowas-in origin takes nothing else': {
    profile: frr,
    peer: { options: { allowasInOrigin: true } },
    wire: { as: [65001, 65000, 7] },
    gives: { refused: 'AS_PATH holds the own AS' },
  },
  'the own AS within a set is a loop': {
    profile: frr,
    wire: { as: [65001], set: [65000, 7] },
    gives: { refused: 'AS_PATH holds the own AS' },
  },
  'the confederation identifier is a loop': {
    profile: frr,
    bgp: { asn: 65100, confederation },
    wire: { as: [65001, 65000] },
    gives: { refused: 'AS_PATH holds the own AS' },
  },
  'the local-as is a loop': {
    profile: frr,
    peer: { config: { localAs: { asn: 64999, noPrepend: false, replaceAs: false } } },
    wire: { as: [65001, 64999] },
    gives: { refused: 'AS_PATH holds the own AS' },
  },
  'local-as is put into received paths': {
    profile: frr,
    peer: { config: { localAs: { asn: 64999, noPrepend: false, replaceAs: false } } },
    wire: { as: [65001] },
    gives: { asPath: '64999 65001' },
  },
  'local-as no-prepend is not': {
    profile: frr,
    peer: { config: { localAs: { asn: 64999, noPrepend: true, replaceAs: false } } },
    wire: { as: [65001] },
    gives: { asPath: '65001' },
  },
  'the own router id as ORIGINATOR_ID is a loop': {
    profile: frr,
    peer: { type: 'ibgp' },
    wire: { originatorId: OWN_ID },
    gives: { refused: 'ORIGINATOR_ID is the own router id' },
  },
  'the own cluster id is a loop in FRR': {
    profile: frr,
    peer: { type: 'ibgp' },
    wire: { originatorId: 1, clusterList: [OWN_ID] },
    gives: { refused: 'CLUSTER_LIST holds the own cluster id' },
  },
  'the own cluster id is no loop on receive in GoBGP': {
    profile: gobgp,
    peer: { type: 'ibgp' },
    wire: { originatorId: 1, clusterList: [OWN_ID] },
    gives: { clusterList: [OWN_ID] },
  },
  'an own address as next hop drops the path in FRR': {
    profile: frr,
    wire: { as: [65001], nextHop: address('10.0.0.254') },
    gives: { refused: 'next hop is an own address' },
  },
  'an own address as next hop is not looked at by GoBGP': {
    profile: gobgp,
    wire: { as: [65001], nextHop: address('10.0.0.254') },
    gives: { nextHop: '10.0.0.254' },
  },
  'RFC 8212: no import policy, no routes': {
    profile: frr,
    bgp: { ebgpRequiresPolicy: true },
    wire: { as: [65001] },
    gives: { refused: 'no import policy on an eBGP session (RFC 8212)' },
  },
  'RFC 8212: any policy will do': {
    profile: frr,
    bgp: { ebgpRequiresPolicy: true },
    peer: { options: { importPolicy: [acceptAll] } },
    wire: { as: [65001] },
    gives: { asPath: '65001' },
  },
  'RFC 8212: iBGP is exempt': {
    profile: frr,
    bgp: { ebgpRequiresPolicy: true },
    peer: { type: 'ibgp' },
    wire: {},
    gives: { asPath: '' },
  },
  'RFC 8212: FRR 8.4 denies confederation peers even with a policy': {
    profile: frr,
    bgp: { ebgpRequiresPolicy: true },
    peer: { type: 'confed', options: { importPolicy: [acceptAll] } },
    wire: {},
    gives: { refused: 'no import policy on an eBGP session (RFC 8212)' },
  },
  'RFC 8212: FRR 10 exempts confederation peers': {
    profile: frr10,
    bgp: { ebgpRequiresPolicy: true },
    peer: { type: 'confed' },
    wire: { confed: [65001] },
    gives: { asPath: '(65001)' },
  },
  'enforce-first-as: another first AS is refused': {
    profile: frr,
    bgp: { enforceFirstAs: true },
    wire: { as: [65002] },
    gives: { refused: 'first AS of the AS_PATH is not 65001' },
  },
  'without enforce-first-as it is not': { profile: frr, wire: { as: [65002] }, gives: { asPath: '65002' } },
  'reject-as-sets refuses a set': {
    profile: frr10,
    bgp: { rejectAsSets: true },
    wire: { as: [65001], set: [1, 2] },
    gives: { refused: 'AS_SET in the AS_PATH' },
  },
  'a set is taken otherwise': {
    profile: frr,
    wire: { as: [65001], set: [1, 2] },
    gives: { asPath: '65001 {1,2}' },
  },
  'GRACEFUL_SHUTDOWN from eBGP makes LOCAL_PREF 0 in FRR': {
    profile: frr,
    wire: { as: [65001], communities: ['graceful-shutdown'] },
    gives: { localPref: 0 },
  },
  'GRACEFUL_SHUTDOWN means nothing to GoBGP': {
    profile: gobgp,
    wire: { as: [65001], communities: ['graceful-shutdown'] },
    gives: { localPref: null },
  },
  'a router in graceful shutdown marks what it gets from eBGP': {
    profile: frr,
    bgp: { gracefulShutdown: true },
    wire: { as: [65001] },
    gives: { communities: ['65535:0'] },
  },
  'BLACKHOLE from eBGP adds no-export in FRR': {
    profile: frr,
    wire: { as: [65001], communities: ['blackhole'] },
    gives: { communities: ['65535:666', '65535:65281'] },
  },
  'BLACKHOLE adds nothing in GoBGP': {
    profile: gobgp,
    wire: { as: [65001], communities: ['blackhole'] },
    gives: { communities: ['65535:666'] },
  },
  'weight of the neighbor': {
    profile: frr,
    peer: { options: { weight: 40 } },
    wire: { as: [65001] },
    gives: { weight: 40 },
  },
};

describe('import', () => {
  it.each(Object.entries(imports))('%s', (_name, { profile, bgp, peer: shape, wire, gives }) => {
    const own = router(profile, bgp);
    const outcome = importPath(own, peer(shape), target, route(own, wire));
    expect(shown(outcome.path, outcome.path === null ? outcome.refused : '')).toMatchObject(gives);
  });
});
