import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import type { Action, Condition, Policy, PolicyChain, Statement } from '../../src/bgp/policy/types.ts';
import type { RouterProfile } from '../../src/bgp/profile.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { type Draw, drawFrom } from '../../src/simulator/orders/draw.ts';
import { externalProfile } from '../../src/targets/external/profile.ts';
import { frr10Profile, frr84Profile, quagga12Profile } from '../../src/targets/frr/decision.ts';
import { gobgp3Profile } from '../../src/targets/gobgp/decision.ts';
import { bgpConfig, familyConfig, networkStatement, noOptions, peerConfig, prefix } from '../bgp/fixtures.ts';
import { type Interfaces, node } from './networks.ts';

/**
 * Routers on a few common networks, with sessions between most of those that meet, in a few AS, with policies that look at AS_PATH
 * and prefix: all of it drawn, and none of it anything that the flat run leaves to the engine.
 */
export function web(seed: number, profiles: readonly RouterProfile[] = flatProfiles): Network {
  const drawn = drawFrom(seed);
  const [routers, segments] = [4 + drawn.below(6), 3 + drawn.below(4)];
  const asns = Array.from({ length: routers }, (_, i) => 65001 + (drawn.below(4) === 0 ? 0 : i));
  const members = Array.from({ length: segments }, () =>
    drawn.shuffled(Array.from({ length: routers }, (_, i) => i)).slice(0, 2 + drawn.below(3)),
  );
  const peers: PeerConfig[][] = asns.map(() => []);
  members.forEach((together, segment) => {
    for (const a of together)
      for (const b of together) {
        if (a >= b || drawn.below(8) === 0) continue;
        for (const [own, far] of [
          [a, b],
          [b, a],
        ] as const)
          peers[own]?.push(
            peerConfig(`10.${segment}.0.${far + 1}`, asns[far] ?? 0, {
              families: {
                'ipv4-unicast': familyConfig({
                  importPolicy: chain(drawn),
                  exportPolicy: chain(drawn),
                  maximumPrefix: drawn.below(12) === 0 ? 3 + drawn.below(6) : null,
                }),
              },
            }),
          );
      }
  });
  return {
    nodes: asns.map((asn, i) => {
      const own = [`192.168.${i}.1/24`, `172.16.${drawn.below(4)}.1/24`];
      const interfaces: Record<string, Interfaces[string]> = { lo: { addresses: own } };
      members.forEach((together, segment) => {
        if (together.includes(i))
          interfaces[`eth${segment}`] = { addresses: [`10.${segment}.0.${i + 1}/24`], link: `l${segment}` };
      });
      const width = { ebgp: 1 + drawn.below(4), ibgp: 1 + drawn.below(2) };
      const config = bgpConfig(asn, `10.255.0.${i + 1}`, {
        peers: peers[i] ?? [],
        originations: own.map((text) => networkStatement(prefix(text).text)),
        decision: { ...noOptions, asPathMultipathRelax: drawn.below(2) === 0 },
        maximumPaths: { 'ipv4-unicast': width, 'ipv6-unicast': width },
      });
      const profile = profiles[drawn.below(profiles.length)] ?? frr84Profile;
      return node(`r${i + 1}`, interfaces, config, { profile });
    }),
  };
}

export const flatProfiles = [frr84Profile, quagga12Profile, externalProfile, frr10Profile, gobgp3Profile];

const regexes = ['^$', '_65001_', '^65002', '_65003$', '^65001_65004', '.'];

/** Nothing, or a policy that looks at AS_PATH and prefix. */
export function chain(drawn: Draw): PolicyChain {
  if (drawn.below(3) > 0) return [];
  const statements = Array.from(
    { length: 1 + drawn.below(3) },
    (_, i): Statement => ({
      label: String(10 * (i + 1)),
      conditions: Array.from({ length: drawn.below(3) }, () => condition(drawn)),
      actions: drawn.below(3) === 0 ? [action(drawn)] : [],
      verdict: drawn.below(4) === 0 ? 'reject' : 'accept',
      call: null,
      onMatch: 'exit',
      source: null,
    }),
  );
  const policy: Policy = {
    name: 'p',
    source: null,
    otherwise: drawn.below(3) === 0 ? 'reject' : 'accept',
    statements,
  };
  return [policy];
}

function condition(drawn: Draw): Condition {
  const set = (text: string) => ({
    name: text,
    entries: [{ permit: true, prefix: prefix(text), minLength: 16, maxLength: 32 }],
  });
  switch (drawn.below(4)) {
    case 0:
      return {
        kind: 'prefix',
        set: set(drawn.below(2) === 0 ? '172.16.0.0/16' : '192.168.0.0/16'),
        invert: false,
      };
    case 1:
      return {
        kind: 'as-path-length',
        compare: drawn.below(2) === 0 ? 'ge' : 'le',
        value: 1 + drawn.below(3),
      };
    default: {
      const regex = regexes[drawn.below(regexes.length)] ?? '^$';
      return {
        kind: 'as-path',
        set: { name: regex, entries: [{ permit: drawn.below(4) > 0, regex }] },
        quantifier: drawn.below(5) === 0 ? 'invert' : 'any',
      };
    }
  }
}

function action(drawn: Draw): Action {
  return drawn.below(2) === 0
    ? { kind: 'local-preference', amount: { op: 'set', value: 100 + drawn.below(3) * 50 } }
    : { kind: 'med', amount: { op: 'set', value: drawn.below(3) * 10 } };
}
