import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { varNames } from '../../src/inventory/schema/host-vars.ts';
import { validateInventory } from '../../src/inventory/validate.ts';
import { formatDiagnosticText } from '../../src/report/diagnostics-text.ts';

function validate(text: string) {
  return validateInventory({ root: '', entry: 'hosts.yml', files: new Map([['hosts.yml', text]]) });
}

const rulesOf = (text: string) => validate(text).diagnostics.map((one) => one.rule);

describe('validateInventory', () => {
  it('stops behind the phase that found errors', () => {
    const broken = 'all: { vars: { bgp_asm: 1, bgp_asn: 64001 }, hosts: { a: , a: } }';
    expect(rulesOf(broken)).toEqual(['yaml-duplicate-key']);
    const unknown = 'all: { vars: { bgp_asm: 1, bgp_asn: 64001, bgp_router_id: 10.0.0.1 }, hosts: { a: } }';
    expect(rulesOf(unknown)).toEqual(['unknown-variable']);
    const lint = 'all: { vars: { bgp_asn: 64001, bgp_router_id: 10.0.0.1 }, hosts: { a: } }';
    expect(rulesOf(lint).sort()).toEqual(['asn-public', 'bgp-without-neighbors']);
  });

  it('gives a fabric where only rules complain, and none before', () => {
    const lint = validate('all: { vars: { bgp_asn: 65535, bgp_router_id: 10.0.0.1 }, hosts: { a: } }');
    expect(lint.diagnostics.map((one) => one.rule)).toContain('asn-reserved');
    expect(lint.fabric?.hosts.size).toBe(1);
    expect(validate('all: { hosts: { a: { bgp_asn: x } } }').fabric).toBeNull();
  });

  it('answers any text with diagnostics that can be printed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(typeof formatDiagnosticText(validate(text).diagnostics)).toBe('string');
      }),
    );
  });

  it('answers any value of any variable with diagnostics', () => {
    const vars = fc.dictionary(fc.constantFrom(...varNames), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 });
    fc.assert(
      fc.property(vars, vars, (shared, own) => {
        const hosts = { a: own, b: { bgp_asn: 65500, net_interfaces: { eth1: '10.0.0.2/24' } } };
        const { diagnostics, fabric } = validate(JSON.stringify({ all: { vars: shared, hosts } }));
        expect(fabric !== null || diagnostics.some((one) => one.severity === 'error')).toBe(true);
      }),
    );
  });

  it('answers plausible values in any combination with diagnostics', () => {
    const address = fc.constantFrom(
      '10.0.0.1',
      '10.0.0.2',
      '10.0.1.1',
      '192.0.2.9',
      '2001:db8::1',
      '0.0.0.0',
    );
    const network = fc
      .tuple(address, fc.integer({ min: 0, max: 33 }))
      .map(([text, length]) => `${text}/${length}`);
    const asn = fc.constantFrom(0, 1, 23456, 64512, 65500, 65535, 4200000000, 4294967295);
    const neighbor = fc.record(
      {
        host: fc.constantFrom('a', 'b', 'c'),
        asn,
        ebgp_multihop: fc.boolean(),
        ttl_security: fc.integer({ min: 1, max: 3 }),
        route_reflector_client: fc.boolean(),
        route_map_in: fc.constantFrom('m', 'n'),
        families: fc.constantFrom(['ipv4'], ['ipv6'], ['ipv4', 'ipv6']),
        via: fc.constantFrom('loopback', 'segment'),
      },
      { requiredKeys: ['host'] },
    );
    const host = fc.record(
      {
        bgp_asn: asn,
        bgp_daemon: fc.constantFrom('frr', 'quagga', 'gobgp', 'external', 'none'),
        bgp_router_id: address,
        net_interfaces: fc.dictionary(fc.constantFrom('lo', 'eth0', 'eth1'), network),
        docker_bip: network,
        bgp_networks: fc.array(network, { maxLength: 3 }),
        bgp_neighbors: fc.array(neighbor, { maxLength: 3 }),
        bgp_route_maps: fc.constant({ m: [{ action: 'permit', call: 'm' }] }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(host, host, host, (a, b, c) => {
        const { diagnostics, fabric } = validate(JSON.stringify({ all: { hosts: { a, b, c } } }));
        expect(fabric !== null || diagnostics.some((one) => one.severity === 'error')).toBe(true);
        for (const one of diagnostics) expect(one.message).not.toMatch(/undefined|null|\[object|NaN/);
      }),
      { numRuns: 300 },
    );
  });
});
