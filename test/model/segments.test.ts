import { describe, expect, it } from 'vitest';
import { parseInterfaceAddress } from '../../src/base/ip.ts';
import type { Interface } from '../../src/model/fabric.ts';
import { deriveSegments, type SegmentHost } from '../../src/model/segments.ts';

const source = { file: 'hosts.yml', line: 1, column: 1 };

/** `eth0@rack1 10.0.0.1/24 2001:db8::1/64`: name, segment where stated, addresses. */
function host(name: string, ...written: string[]): SegmentHost {
  const interfaces = written.map((text): Interface => {
    const [first = '', ...addresses] = text.split(' ');
    const [i = '', segment = null] = first.split('@');
    const parsed = addresses.map((a) => parseInterfaceAddress(a)).filter((a) => a !== null);
    return { name: i, segment, addresses: parsed, mtu: null, description: null, source };
  });
  return { name, interfaces };
}

const shape = (hosts: readonly SegmentHost[]) =>
  deriveSegments(hosts).map(
    (s) => `${s.name}: ${s.members.map((m) => `${m.host}.${m.interface}`).join(' ')}`,
  );

describe('deriveSegments', () => {
  it.each<[string, SegmentHost[], string[]]>([
    ['one network', [host('a', 'e0 10.0.0.1/24'), host('b', 'e1 10.0.0.2/24')], ['10.0.0.0/24: a.e0 b.e1']],
    ['nobody else', [host('a', 'e0 10.0.0.1/24'), host('b', 'e1 10.0.1.2/24')], []],
    ['another length', [host('a', 'e0 10.0.0.1/24'), host('b', 'e1 10.0.0.2/25')], []],
    [
      'two families on one link, each with a further member',
      [
        host('a', 'e0 10.0.0.1/24 2001:db8::1/64'),
        host('b', 'e0 10.0.0.2/24'),
        host('c', 'e0 2001:db8::3/64'),
      ],
      ['10.0.0.0/24: a.e0 b.e0 c.e0'],
    ],
    ['loopbacks', [host('a', 'lo 10.0.0.1/24'), host('b', 'lo 10.0.0.2/24')], []],
    ['host prefixes', [host('a', 'e0 10.0.0.1/32'), host('b', 'e0 10.0.0.1/32')], []],
    ['link-local networks', [host('a', 'e0 fe80::1/64'), host('b', 'e0 fe80::2/64')], []],
    ['a name without networks', [host('a', 'e0@x'), host('b', 'e0@x')], ['x: a.e0 b.e0']],
    ['a name with one member', [host('a', 'e0@x 10.0.0.1/24')], ['x: a.e0']],
    [
      'one network reused on two named segments',
      [
        host('a', 'e0@x 10.0.0.1/24', 'e1@y 10.0.0.1/24'),
        host('b', 'e0@x 10.0.0.2/24'),
        host('c', 'e0@y 10.0.0.2/24'),
      ],
      ['x: a.e0 b.e0', 'y: a.e1 c.e0'],
    ],
    [
      'an unnamed member of the only named segment with its network',
      [host('a', 'e0@x 10.0.0.1/24'), host('b', 'e0 10.0.0.2/24')],
      ['x: a.e0 b.e0'],
    ],
    [
      'two interfaces of one host',
      [host('a', 'e0 10.0.0.1/24', 'e1 10.0.0.3/24'), host('b', 'e0 10.0.0.2/24')],
      ['10.0.0.0/24: a.e0 a.e1 b.e0'],
    ],
  ])('%s', (_what, hosts, expected) => {
    expect(shape(hosts)).toEqual(expected);
  });

  it('never joins two names through an interface that touches both', () => {
    const hosts = [
      host('a', 'e0@x 10.0.0.1/24'),
      host('b', 'e0@y 10.0.1.1/24'),
      host('c', 'e0 10.0.0.2/24 10.0.1.2/24'),
    ];
    expect(shape(hosts)).toEqual(['x: a.e0 c.e0', 'y: b.e0']);
  });

  it('gives the same from hosts whose segments are filled in', () => {
    const hosts = [
      host('a', 'e0 10.0.0.1/24 2001:db8::1/64'),
      host('b', 'e0 10.0.0.2/24'),
      host('c', 'e0 2001:db8::3/64'),
    ];
    const filled = hosts.map((one) => ({
      ...one,
      interfaces: one.interfaces.map((i) => ({ ...i, segment: '10.0.0.0/24' })),
    }));
    expect(deriveSegments(filled)).toEqual(deriveSegments(hosts));
  });

  it('stays linear along a chain of dual-stack links', () => {
    const hosts = Array.from({ length: 5000 }, (_, i) =>
      host(
        `h${String(i).padStart(4, '0')}`,
        `e0 10.${i >> 8}.${i & 255}.1/24 10.${(i + 1) >> 8}.${(i + 1) & 255}.2/24`,
      ),
    );
    expect(deriveSegments(hosts).map((s) => s.members.length)).toEqual([5000]);
  });
});
