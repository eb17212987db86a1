import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refused, taken } from './refused.ts';
import { channelOf, read, said, session } from './support.ts';

const external = 'local as 65001; neighbor 10.0.0.2 as 65002;';
const internal = 'local as 65001; neighbor 10.0.0.2 as 65001;';

describe('sessions of bird.conf', () => {
  it('eBGP is single-hop and looks for next hops on its own networks, iBGP is neither', () => {
    expect(session(external)).toMatchObject({ singleHop: true, ebgpMultihop: null, remoteAs: 65002 });
    expect(channelOf(external, 'import all; export all;').gateway).toBe('direct');
    expect(session(internal)).toMatchObject({ singleHop: false });
    expect(channelOf(internal, '').gateway).toBe('recursive');
    expect(session(`${external} multihop;`).ebgpMultihop).toBe(64);
    expect(session(`${internal} direct;`).singleHop).toBe(true);
  });

  it('iBGP imports all and exports nothing unless told', () => {
    const { importPolicy, exportPolicy } = channelOf(internal, '');
    expect(importPolicy).toEqual([]);
    expect(exportPolicy.map(({ name, otherwise }) => [name, otherwise])).toEqual([['export none', 'reject']]);
  });

  it('a template is copied and what follows is laid over it', () => {
    const { router } = read(`
      template bgp common { local as 65001; hold time 30; ipv4 { import none; export all; next hop self; }; }
      protocol bgp one from common { neighbor 10.0.0.2 as 65002; hold time 9; ipv4 { import all; }; }
      protocol bgp two from common { neighbor 10.0.0.3 as 65003; }`);
    const [one, two] = router?.bgp?.peers ?? [];
    expect([one?.timers.hold, two?.timers.hold]).toEqual([9, 30]);
    expect(one?.families['ipv4-unicast']).toMatchObject({ importPolicy: [], nextHopSelfFrom: 'all' });
    expect(two?.families['ipv4-unicast']?.importPolicy).toHaveLength(1);
  });

  it.each([
    ['next hop self ebgp;', { nextHopSelfFrom: 'ebgp' }],
    ['next hop keep;', { nextHopKeepFrom: 'all' }],
    ['next hop address 10.9.9.9;', { nextHopAddress: expect.objectContaining({ text: '10.9.9.9' }) }],
    ['preference 120;', { weight: 120 }],
    ['import limit 10 action disable;', { maximumPrefix: 10 }],
    ['import limit 10 action warn;', { maximumPrefix: null }],
    [
      'import limit 10 action block;',
      { maximumPrefix: null, maximumPrefixTaken: { count: 10, received: false } },
    ],
    [
      'receive limit 9; import limit 10; import keep filtered;',
      { maximumPrefix: 9, maximumPrefixForce: true },
    ],
    ['export limit 7 action block; export limit off;', { maximumPrefix: null }],
    ['add paths tx;', { addPathSend: 'all' }],
    ['add paths;', { addPathSend: 'all', addPathReceive: true }],
    ['gateway recursive;', { gateway: 'recursive' }],
  ])('channel option %s', (text, wanted) => {
    expect(channelOf(external, `import all; export all; ${text}`)).toMatchObject(wanted);
  });

  it.each([
    ['rr client;', { routeReflectorClient: true, nextHopKeepFrom: 'ibgp' }],
    ['rr client; rr cluster id 10.0.0.9;', { clusterId: 0x0a000009 }],
    ['allow local as 2;', { allowasIn: 2 }],
    ['interpret communities off;', { ignoresWellKnownCommunities: true }],
  ])('session option %s', (text, wanted) => {
    expect(channelOf(`${internal} ${text}`, '')).toMatchObject(wanted);
  });

  it.each([
    ['', {}],
    ['source address 10.0.0.9;', { callsToOwnOnly: true }],
    ['local 10.0.0.9 port 1179 as 65001;', { callsToOwnOnly: true, listenPorts: [1179] }],
  ])('calls are taken at the own address of the session: %s', (text, wanted) => {
    const { callsToOwnOnly, listenPorts } = session(`${internal} ${text}`);
    expect({ callsToOwnOnly, listenPorts }).toEqual(wanted);
  });
});

describe('what BIRD refuses (`bird -p` as well)', () => {
  it.each(refused)('%s', (text, words) => {
    const result = read(text);
    expect(result.router).toBeNull();
    const fixes = result.diagnostics.map(({ fix }) => fix);
    expect([...said(result), ...fixes].join('\n')).toContain(words);
  });

  it.each(taken)('but not %s', (text) => {
    expect(read(text).router, said(read(text)).join('\n')).not.toBeNull();
  });

  it('all faults are said at once, each with its place', () => {
    const result = read('router id 1.1.1.1;\ndefine x1 = ;\nfilter f1 { accept }\nprotocol device { }\n');
    expect(said(result).map((line) => line.split(' ')[0])).toEqual(['2:13', '3:20']);
  });

  it('what is left aside is said with its effect', () => {
    const { lines, router } = read('protocol ospf { ipv4; area 0 { }; }');
    expect(router).not.toBeNull();
    expect(lines).toMatchObject([{ status: 'unmodelled', matters: true, text: 'protocol ospf' }]);
  });
});

describe('hostile input', () => {
  it('never throws, whatever the tokens', () => {
    const words = [
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      ';',
      'filter',
      'if',
      'then',
      'net',
      '~',
      '10.0.0.0/8',
      '"x"',
    ];
    const more = [
      'protocol',
      'bgp',
      'static',
      'route',
      'case',
      'else:',
      '1',
      '..',
      ',',
      'ipv4',
      'import',
      '-',
      '=',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, ...more), { maxLength: 60 }), (tokens) => {
        read(tokens.join(' '));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => void read(text)),
      { numRuns: 300 },
    );
  });

  it('deep nesting, circles of files and long files come to an end', () => {
    expect(said(read(`filter f1 { if ${'('.repeat(5000)} `)).join()).toContain('nested too deeply');
    expect(said(read('include "bird.conf";\n')).join()).toContain('more than 8 deep');
    const lines = Array.from({ length: 20_000 }, (_, n) => `route 10.${n >> 8}.${n & 255}.0/24 blackhole;`);
    const { router } = read(`protocol static { ipv4;\n${lines.join('\n')}\n}`);
    expect(router?.table?.protocols[0]?.routes).toHaveLength(20_000);
  });

  it('ends soon, whatever the file is, and says one fault once', () => {
    const circles = 'include "bird.conf";\n'.repeat(10);
    expect(said(read(circles))).toEqual([
      '1:1 BIRD does not start: files include each other more than 8 deep',
    ]);
    expect(said(read('\0'.repeat(1 << 20)))).toHaveLength(1);
    expect(said(read('$ ? \\ \u0001\n'.repeat(100_000))).length).toBeLessThan(20);
    const channel = 'protocol bgp { local as 1; neighbor 10.0.0.2 as 2; ipv4 { imprt all; export all; }; }';
    expect(said(read(channel))).toEqual([expect.stringContaining("the nearest is 'import'")]);
    expect(said(read('}'))).toHaveLength(1);
  });
});
