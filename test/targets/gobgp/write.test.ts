import { describe, expect, it } from 'vitest';
import { contains, type Prefix } from '../../../src/base/ip.ts';
import type { Host } from '../../../src/model/fabric.ts';
import type { PrefixList } from '../../../src/model/policy.ts';
import { gobgpTarget } from '../../../src/targets/gobgp/index.ts';
import { prefixSetOf } from '../../../src/targets/gobgp/write/prefix-sets.ts';
import {
  bgp,
  fabric,
  host,
  matchNothing,
  neighbor,
  noPolicies,
  peerDefaults,
  prefix,
  routeMapEntry,
  setNothing,
} from '../sample.ts';
import { full, reflector, rendered } from './fixture.ts';

const source = { file: 'hosts.yml', line: 9, column: 3 };

describe('golden files', () => {
  it.each([reflector, full])('$name', async (each) => {
    for (const [path, text] of rendered(each, gobgpTarget)) {
      await expect(text).toMatchFileSnapshot(`golden/${each.name}/${path}`);
    }
  });

  it('a password keeps the file from others', () => {
    const modes = (each: Host) =>
      gobgpTarget.files(each, fabric(each)).map(({ path, mode }) => `${path} ${mode}`);
    expect(modes(full)).toEqual(['gobgp.toml 0640', 'gobgp-cli.txt 0644', '90-fabricgen.conf 0644']);
    expect(modes(reflector)).toEqual(['gobgp.toml 0644', 'gobgp-cli.txt 0644']);
  });

  it('a host without BGP has no file of gobgpd', () => {
    expect(gobgpTarget.files(host('x'), fabric())).toEqual([]);
  });
});

describe('a prefix-list as a prefix-set', () => {
  /** What GoBGP's radix tree answers: the longest entry that holds the route, and only that. */
  function inSet(list: PrefixList, route: Prefix): boolean {
    const entries = prefixSetOf(list).entries.map(({ prefix: text, range }) => ({
      prefix: prefix(JSON.parse(text)),
      range: String(JSON.parse(range)).split('..').map(Number),
    }));
    const holding = entries.filter((entry) => contains(entry.prefix, route));
    const longest = Math.max(...holding.map((entry) => entry.prefix.length));
    return holding
      .filter((entry) => entry.prefix.length === longest)
      .some(({ range: [min = 0, max = 0] }) => route.length >= min && route.length <= max);
  }

  /** What FRR answers: the first entry that fits. */
  function inList({ entries }: PrefixList, route: Prefix): boolean {
    const entry = entries.find(({ prefix: holder, ge, le }) => {
      const max = le ?? (ge === null ? holder.length : 32);
      return contains(holder, route) && route.length >= (ge ?? holder.length) && route.length <= max;
    });
    return entry?.action === 'permit';
  }

  // A small world in full: every list of three entries over nested networks against every route in it.
  const holders = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9'].map(prefix);
  const bounds = [
    [null, null],
    [null, 32],
    [9, 10],
    [10, null],
  ] as const;
  const routes = [
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.0.0.0/9',
    '10.128.0.0/9',
    '10.64.0.0/10',
    '10.192.0.0/10',
    '10.1.0.0/16',
    '11.0.0.0/10',
  ].map(prefix);

  it('answers as the list does', () => {
    const options = holders.flatMap((each) =>
      bounds.flatMap(([ge, le]) =>
        (['permit', 'deny'] as const).map((action) => ({
          action,
          prefix: each,
          ge: ge !== null && ge <= each.length ? null : ge,
          le,
        })),
      ),
    );
    let judged = 0;
    for (const [i, a] of options.entries()) {
      for (const [j, b] of options.entries()) {
        const c = options[(i * 7 + j * 3) % options.length] ?? a;
        const list: PrefixList = {
          name: 'l',
          family: 4,
          source,
          entries: [a, b, c].map((entry, seq) => ({ seq, ...entry })),
        };
        for (const route of routes) {
          if (inSet(list, route) !== inList(list, route))
            expect.fail(
              `${JSON.stringify(list.entries, (_, v) => (typeof v === 'bigint' ? String(v) : v))} ${route.text}`,
            );
          judged++;
        }
      }
    }
    expect(judged).toBe(options.length ** 2 * routes.length);
  });
});

describe('what GoBGP cannot express', () => {
  function said(each: Host): string[] {
    return gobgpTarget.limits(each, fabric(each)).map(({ severity, message }) => `${severity}: ${message}`);
  }
  const withBgp = (options: Parameters<typeof bgp>[0]): Host => host('w', { bgp: bgp(options) });
  const withEntry = (
    entry: Parameters<typeof routeMapEntry>[1],
    lists: Partial<typeof noPolicies> = {},
  ): Host =>
    withBgp({
      neighbors: [neighbor('10.0.0.2', 65500, { routeMapOut: 'm' })],
      policies: {
        ...noPolicies,
        ...lists,
        routeMaps: [{ name: 'm', source, entries: [routeMapEntry(10, entry)] }],
      },
    });
  const withPeer = (remoteAs: number, options: Parameters<typeof neighbor>[2]): Host =>
    withBgp({ neighbors: [neighbor('10.0.0.2', remoteAs, options)] });
  const list = (value: string, kind: 'standard' | 'expanded' = 'standard') => ({
    communityLists: [
      {
        name: 'c',
        kind,
        source,
        entries: [
          { seq: 5, action: 'permit' as const, value },
          { seq: 10, action: 'permit' as const, value: '1:1' },
        ],
      },
    ],
  });
  const rule = 'error: w: GoBGP 3 cannot say it: route-map m entry 10';

  it('nothing of what the golden hosts say', () => {
    expect([...said(full), ...said(reflector)]).toEqual([]);
  });

  it.each<[string, Host, string[]]>([
    [
      'static routes',
      host('w', {
        statics: [
          {
            prefix: prefix('10.9.0.0/16'),
            via: null,
            interface: null,
            blackhole: true,
            distance: null,
            tag: null,
            source,
          },
        ],
      }),
      ['error: w: GoBGP 3 has no static routes (10.9.0.0/16)'],
    ],
    [
      'redistribution',
      withBgp({ redistribute: [{ from: 'static', metric: null, routeMap: null, source }] }),
      ['error: w: GoBGP 3 cannot redistribute static routes without zebra'],
    ],
    [
      'aggregates',
      withBgp({ aggregates: [{ prefix: prefix('10.0.0.0/8'), summaryOnly: false, asSet: false, source }] }),
      ['error: w: GoBGP 3 has no aggregates (10.0.0.0/8)'],
    ],
    [
      'import check',
      withBgp({ importCheck: true }),
      ['error: w: GoBGP 3 announces whatever it is told, without an import check'],
    ],
    [
      'multipath by AS',
      withBgp({ maximumPaths: { ebgp: 2, ibgp: 1 } }),
      [
        'warning: w: GoBGP 3 uses paths through different ASNs together, as if as_path_multipath_relax were on',
      ],
    ],
    ['weight', withPeer(65500, { weight: 5 }), ['error: w: GoBGP 3 has no weight (neighbor 10.0.0.2)']],
    [
      'plain remove-private-as',
      withPeer(65501, { removePrivateAs: 'plain' }),
      ['error: w: GoBGP 3 removes every private ASN or none (neighbor 10.0.0.2)'],
    ],
    [
      'remove-private-as on iBGP',
      withPeer(65500, { removePrivateAs: 'all' }),
      ['error: w: GoBGP 3 does not start with remove_private_as on iBGP (neighbor 10.0.0.2)'],
    ],
    [
      'as-override',
      withPeer(65501, { asOverride: true }),
      ['warning: w: GoBGP 3 with as_override leaves withdrawn routes at the peer (neighbor 10.0.0.2)'],
    ],
    [
      'both ASNs',
      withPeer(65501, { localAs: { asn: 65499, noPrepend: false, replaceAs: false } }),
      ['error: w: GoBGP 3 sends only the local_as, never both ASNs (neighbor 10.0.0.2)'],
    ],
    [
      'both TTL options',
      withPeer(65501, { ebgpMultihop: 2, ttlSecurityHops: 1 }),
      ['error: w: GoBGP 3 does not start with both ebgp_multihop and ttl_security (neighbor 10.0.0.2)'],
    ],
    [
      'a range without ASN',
      withBgp({
        peerGroups: [{ ...peerDefaults, name: 'g', remoteAs: null, source }],
        listenRanges: [{ prefix: prefix('10.0.0.0/24'), peerGroup: 'g', source }],
      }),
      ['error: w: GoBGP 3 needs the ASN of peer group g, which has a listen range'],
    ],
    [
      'a match it ignores',
      withEntry({ match: { ...matchNothing, origin: 'igp' } }),
      [`${rule} matches on origin`],
    ],
    [
      'a set it ignores',
      withEntry({ set: { ...setNothing, origin: 'igp', weight: 1 } }),
      [`${rule} sets weight`, `${rule} sets origin`],
    ],
    [
      'relative local-preference',
      withEntry({ set: { ...setNothing, localPreference: '+5' } }),
      [`${rule} changes local-preference by +5`],
    ],
    [
      'local-preference 0',
      withEntry({ set: { ...setNothing, localPreference: '0' } }),
      [`${rule} sets local-preference 0`],
    ],
    [
      'prepending another',
      withEntry({ set: { ...setNothing, asPathPrepend: [65499] } }),
      [`${rule} prepends 65499, which GoBGP would put in front of its own ASN`],
    ],
    ['going on', withEntry({ onMatch: 'next' }), [`${rule} goes on after a match`]],
    ['calling', withEntry({ call: 'x' }), [`${rule} calls another route-map`]],
    [
      'an expanded list',
      withEntry({ match: { ...matchNothing, communityList: 'c' } }, list('.*', 'expanded')),
      [`${rule} matches community list c, which is more than a plain list`],
    ],
    [
      'several communities in several entries',
      withEntry({ match: { ...matchNothing, communityList: 'c' } }, list('1:2 1:3')),
      [`${rule} matches community list c, which is more than a plain list`],
    ],
    [
      'a list that denies late',
      withBgp({
        neighbors: [neighbor('10.0.0.2', 65501, { asPathListIn: 'p' })],
        policies: {
          ...noPolicies,
          asPathLists: [
            {
              name: 'p',
              source,
              entries: [
                { seq: 5, action: 'permit', regex: '^1' },
                { seq: 6, action: 'deny', regex: '2' },
                { seq: 7, action: 'permit', regex: '3' },
              ],
            },
          ],
        },
      }),
      ['error: w: GoBGP 3 cannot say it: as-path list p denies after it has permitted'],
    ],
  ])('%s', (_, each, expected) => expect(said(each)).toEqual(expected));
});
