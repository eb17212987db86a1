import { describe, expect, it } from 'vitest';
import { readTopology } from '../../src/pipeline/topology/topology.ts';

const hosts = [
  'hosts:',
  '  r1: { daemon: frr, interfaces: { eth0: { addresses: [10.0.0.1/30], link: l1 }, lo: {} } }',
  '  r2: { daemon: gobgp, interfaces: { eth0: { addresses: [10.0.0.2/30], link: l1 } } }',
].join('\n');

function read(events: string) {
  return readTopology(`${hosts}\nevents:\n${events}`, 'topology.yml');
}

describe('events of topology.yml', () => {
  it.each([
    ['{ start: [r1, r2], delay: 12 }', { change: { kind: 'start', hosts: ['r1', 'r2'] }, delay: 12 }],
    ['{ start: r1 }', { change: { kind: 'start', hosts: ['r1'] }, delay: null, record: null }],
    ['{ stop: [r1], record: gone }', { change: { kind: 'stop', hosts: ['r1'] }, record: 'gone' }],
    ['{ kill: [r2], delay: 0.5 }', { change: { kind: 'kill', hosts: ['r2'] }, delay: 0.5 }],
    ['{ link_down: l1 }', { change: { kind: 'link-down', link: 'l1' } }],
    ['{ link_up: l1 }', { change: { kind: 'link-up', link: 'l1' } }],
    [
      '{ interface_down: { host: r1, interface: eth0 } }',
      { change: { kind: 'interface-down', host: 'r1', interface: 'eth0' } },
    ],
    [
      '{ interface_up: { host: r1, interface: lo } }',
      { change: { kind: 'interface-up', host: 'r1', interface: 'lo' } },
    ],
    ['{ files: { host: r1, from: ./later/ } }', { change: { kind: 'files', host: 'r1', from: 'later' } }],
    ['{ delay: 200, record: later }', { change: null, delay: 200, record: 'later' }],
  ])('%s', (text, expected) => {
    const { topology, diagnostics } = read(`  - ${text}`);
    expect(diagnostics).toEqual([]);
    expect(topology?.events).toMatchObject([expected]);
  });

  it.each([
    ['{ start: [r1, r3] }', 'unknown-host', '5:19'],
    ['{ stop: [] }', 'invalid-value', '5:13'],
    ['{ link_down: l2 }', 'invalid-value', '5:18'],
    ['{ interface_down: { host: r1, interface: eth1 } }', 'unknown-interface', '5:46'],
    ['{ interface_down: { host: r1 } }', 'missing-key', '5:7'],
    ['{ interface_down: r1 }', 'wrong-type', '5:23'],
    ['{ files: { host: r1, from: ../elsewhere } }', 'invalid-value', '5:32'],
    ['{ files: { host: r1, from: /etc } }', 'invalid-value', '5:32'],
    ['{ start: [r1], stop: [r2] }', 'invalid-value', '5:20'],
    ['{ start: [r1], delay: soon }', 'invalid-value', '5:27'],
    ['{ start: [r1], delay: -1 }', 'invalid-value', '5:27'],
    ['{ linkdown: l1 }', 'unknown-key', '5:7'],
    ['{}', 'invalid-value', '5:5'],
    ['stop', 'wrong-type', '5:5'],
  ])('%s is refused at its place', (text, rule, place) => {
    const { topology, diagnostics } = read(`  - ${text}`);
    expect(topology).toBeNull();
    expect(diagnostics.map((one) => [one.rule, `${one.ranges[0]?.line}:${one.ranges[0]?.column}`])).toEqual([
      [rule, place],
    ]);
  });

  it('too many are refused', () => {
    const { topology, diagnostics } = read('  - { delay: 1 }\n'.repeat(101));
    expect(topology).toBeNull();
    expect(diagnostics).toMatchObject([{ rule: 'invalid-value', found: '101' }]);
  });

  it('two records need two names', () => {
    const { diagnostics } = read('  - { stop: [r1], record: a }\n  - { start: [r1], record: a }');
    expect(diagnostics).toMatchObject([{ rule: 'duplicate-entry', related: [{ line: 5 }] }]);
  });
});
