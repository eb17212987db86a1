import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecisionProcess, decide } from '../../src/bgp/rib/decide.ts';
import { compileSteps } from '../../src/bgp/rib/steps.ts';
import type { Router } from '../../src/bgp/router.ts';
import { redecide } from '../../src/simulator/engine/choose.ts';
import { tellAll } from '../../src/simulator/engine/tell.ts';
import { settlePrefix } from '../../src/simulator/timeline/carry.ts';
import { frr10Profile, frr84Profile, quagga12Profile } from '../../src/targets/frr/decision.ts';
import { gobgp3Profile } from '../../src/targets/gobgp/decision.ts';
import { bgpConfig, noOptions } from '../bgp/fixtures.ts';
import { candidate, type Described } from '../bgp/rib/candidates.ts';
import { deviceText } from './support/device.ts';
import { type Daemon, type Hosts, simulate } from './support/fabric.ts';

const profiles = [frr84Profile, frr10Profile, quagga12Profile, gobgp3Profile];

const described: fc.Arbitrary<Described> = fc.record({
  weight: fc.constantFrom(0, 10),
  localPref: fc.constantFrom(null, 100, 200),
  as: fc.array(fc.constantFrom(1, 2, 3), { maxLength: 2 }),
  confed: fc.constantFrom([], [7], [8]),
  origin: fc.constantFrom(0 as const, 2 as const),
  med: fc.constantFrom(null, 5, 9),
  type: fc.constantFrom('ebgp' as const, 'ibgp' as const, 'confed' as const, 'local' as const),
  igpMetric: fc.constantFrom(0, 10),
  communities: fc.constantFrom([], [0xffff0006]),
  clusterList: fc.constantFrom([], [1], [1, 2]),
  originatorId: fc.constantFrom(null, 1, 7),
});

const options = fc.record({
  alwaysCompareMed: fc.boolean(),
  medConfed: fc.boolean(),
  medMissingAsWorst: fc.boolean(),
  asPathConfed: fc.boolean(),
  compareRouterId: fc.boolean(),
  equalClusterLength: fc.boolean(),
  peerTypeMultipathRelax: fc.boolean(),
});

describe.each(profiles.map((profile) => [profile.id, profile] as const))('%s', (_id, profile) => {
  it('every step is antisymmetric, with every option', () => {
    fc.assert(
      fc.property(described, described, options, (left, right, chosen) => {
        const config = bgpConfig(65000, '9.9.9.9', { decision: { ...noOptions, ...chosen } });
        const [a, b] = [candidate(left), candidate(right)];
        for (const { name, compare } of compileSteps(profile.decision, config))
          expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a)), name).toBe(0);
      }),
    );
  });

  it('the winner does not hang on the order of arrival without MED and age, each neighbour at its own address', () => {
    fc.assert(
      fc.property(fc.array(described, { minLength: 2, maxLength: 5 }), fc.nat(), (list, turn) => {
        // Several paths made here tie throughout: the daemon's list decides between them.
        const paths = list.map((one, index) =>
          candidate({
            ...one,
            type: one.type === 'local' ? 'ibgp' : (one.type ?? 'ebgp'),
            med: null,
            originatorId: null,
            from: `10.0.0.${index + 1}`,
            routerId: index + 1,
          }),
        );
        const config = bgpConfig(65000, '9.9.9.9', { decision: { ...noOptions, compareRouterId: true } });
        const process = createDecisionProcess(profile.decision, config);
        const turned = paths
          .map((_path, index) => paths[(index + turn) % paths.length])
          .filter((one) => one !== undefined);
        expect(decide(process, turned)?.peer?.name).toBe(decide(process, paths)?.peer?.name);
      }),
    );
  });
});

interface Line {
  readonly daemon: Daemon;
  readonly asn: number;
  readonly client: boolean;
}

const lines: fc.Arbitrary<readonly Line[]> = fc.array(
  fc.record({
    daemon: fc.constantFrom('frr-8.4' as const, 'quagga-1.2' as const, 'gobgp-3' as const),
    asn: fc.constantFrom(65001, 65002, 65003),
    client: fc.boolean(),
  }),
  { minLength: 2, maxLength: 5 },
);

/** Everybody on one segment, each with a session to all others and a network that two of them share. */
function mesh(list: readonly Line[]): Hosts {
  const address = (index: number) => `10.0.0.${index + 1}`;
  return Object.fromEntries(
    list.map(({ daemon, asn, client }, index) => {
      const peers = list.flatMap((other, far) =>
        far === index ? [] : [{ address: address(far), as: other.asn, client: client && other.asn === asn }],
      );
      const networks = [`10.${index}.0.0/16`, '10.99.0.0/16'];
      const device = {
        asn,
        id: `10.255.0.${index + 1}`,
        peers,
        networks: networks.slice(0, index % 2 === 0 ? 2 : 1),
      };
      const cli = device.networks.map((network) => `gobgp global rib add ${network} origin igp`);
      const text = deviceText(daemon, device);
      return [
        `r${index}`,
        { daemon, wires: `eth0 ${address(index)}/24 lan`, text, ...(daemon === 'gobgp-3' ? { cli } : {}) },
      ];
    }),
  );
}

function saysChangesOnly(router: Router | null | undefined): boolean {
  return router?.config.profile.quirks.saysChangesOnly === true;
}

describe('a converged network', () => {
  it('stays as it is: every router that decides again finds what it has', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const { state } = simulate(mesh(list));
        if (!state) throw new Error('no state');
        for (const family of Object.values(state.families)) {
          for (const kept of family.prefixes) {
            // Two GoBGPs that reflect to each other never come to rest: one announces what the other's answer takes back (seen on 3.10).
            if (kept.oscillation) continue;
            settlePrefix(state, family, kept);
            const { engine } = family;
            const before = [...engine.bestPath];
            for (const node of engine.touched) redecide(engine, node);
            // GoBGP keeps no Adj-RIB-Out: what it once told hangs on what was best before, not on what is.
            for (const node of engine.touched)
              if (!saysChangesOnly(engine.topology.routers[node])) tellAll(engine, node);
            expect(engine.queue.tail - engine.queue.head, kept.prefix.text).toBe(0);
            expect([...engine.bestPath]).toEqual(before);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
