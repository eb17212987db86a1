import { describe, expect, it } from 'vitest';
import { IbgpGraph } from '../../../src/inventory/rules/ibgp-graph.ts';
import { fabricOf } from '../../support/fabric.ts';

/** Hosts a, b, c ... in one LAN; `neighbors` maps a name to its bgp_neighbors as flow YAML. */
function gapsOf(neighbors: Readonly<Record<string, string>>): string[] {
  const hosts = Object.entries(neighbors).map(
    ([name, list], i) =>
      `    ${name}: { net_interfaces: { eth1: 10.0.0.${i + 1}/24 }, bgp_neighbors: [${list}] }`,
  );
  const fabric = fabricOf(`all:\n  vars: { bgp_asn: 65500 }\n  hosts:\n${hosts.join('\n')}\n`);
  const graph = new IbgpGraph(fabric.sessions);
  return graph.components().flatMap((members) => graph.gaps(members, 9).pairs.map((pair) => pair.join('-')));
}

const to = (...names: string[]) => `{ host: [${names}] }`;
const client = (...names: string[]) => `{ host: [${names}], route_reflector_client: true }`;

describe('who hears whom over iBGP', () => {
  it.each([
    ['a full mesh', { a: to('b', 'c'), b: to('a', 'c'), c: to('a', 'b') }, []],
    ['a chain without reflector', { a: to('b'), b: to('a', 'c'), c: to('b') }, ['a-c']],
    ['a chain through a reflector', { a: to('b'), b: client('a', 'c'), c: to('b') }, []],
    [
      'one client is enough for both directions',
      { a: to('b'), b: `${client('a')}, ${to('c')}`, c: to('b') },
      [],
    ],
    [
      'two non-clients of a reflector',
      { a: to('r'), b: to('r'), c: to('r'), r: `${client('a')}, ${to('b', 'c')}` },
      ['b-c'],
    ],
    [
      'two clusters whose reflectors are plain peers',
      { a: to('r'), b: to('s'), r: `${client('a')}, ${to('s')}`, s: `${client('b')}, ${to('r')}` },
      [],
    ],
    [
      'three clusters in a row: the middle one does not pass on between plain peers',
      {
        a: to('r'),
        c: to('t'),
        r: `${client('a')}, ${to('s')}`,
        s: to('r', 't'),
        t: `${client('c')}, ${to('s')}`,
      },
      ['a-c', 'a-t', 'c-r', 'r-t'],
    ],
  ] as const)('%s', (_, neighbors, gaps) => {
    expect(gapsOf(neighbors).sort()).toEqual([...gaps]);
  });
});
