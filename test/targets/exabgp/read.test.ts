import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peersOf, readText, sentTo } from './read-text.ts';
import { neighbor, refusedFiles } from './refused.ts';

const words = (text: string) => {
  const read = readText(text);
  const [peer] = peersOf(read);
  return peer ? sentTo(read, peer) : {};
};

describe('what ExaBGP refuses gives no router, and says where', () => {
  it.each(refusedFiles.map(({ name, text }) => [name, text]))('%s', (_, text) => {
    const { router, diagnostics } = readText(text);
    expect(router?.bgp).toBeNull();
    expect(diagnostics.filter(({ severity }) => severity === 'error')).not.toEqual([]);
    for (const { ranges, fix } of diagnostics) {
      expect(ranges[0]).toMatchObject({ file: 'exabgp.conf' });
      expect(fix).toMatch(/\.$/);
    }
  });

  it.each([
    ['passive', 'passive true; static { route 2001:db8::/32 next-hop 2001:db8::1; }'],
    [
      'an IPv4 host behind it',
      'static { route 2001:db8::/32 next-hop 2001:db8::1; route 10.1.0.1 next-hop self; }',
    ],
    ['made by split', 'static { route 2001:db8::/31 next-hop 2001:db8::1 split /32; }'],
  ])('an IPv6 network of length 32 from an IPv4 neighbor: not where there is %s', (_, lines) => {
    expect(readText(neighbor(lines)).diagnostics).toEqual([]);
  });

  it('all faults at once, each at its word', () => {
    const { diagnostics } = readText(
      neighbor('hold-time 2;\n  pasive true;\n  static { route 10.1.0.0/24 next-hop self med x; }'),
    );
    expect(diagnostics.map(({ ranges: [at], nearest }) => [at?.line, at?.column, nearest])).toEqual([
      [3, 13, undefined],
      [4, 3, 'passive'],
      [5, 48, undefined],
    ]);
  });
});

describe('what is announced (bgp-semantics 2.7)', () => {
  const route = (text: string) => neighbor(`static { route 10.1.0.0/24 next-hop self ${text}; }`);

  it('the local AS stands in the path only where none is given', () => {
    expect(words(route(''))['10.1.0.0/24']).toMatchObject({ 'as-path': '[ 65001 ]', origin: 'igp' });
    expect(words(route('as-path [ 65010 ]'))['10.1.0.0/24']).toMatchObject({ 'as-path': '[ 65010 ]' });
  });

  it('no LOCAL_PREF and no MED to another AS, LOCAL_PREF 100 within one', () => {
    expect(words(route('local-preference 300'))['10.1.0.0/24']).toEqual({
      'as-path': '[ 65001 ]',
      'next-hop': '10.0.0.2',
      origin: 'igp',
    });
    const internal = 'local-address 10.0.0.2; local-as 65001; peer-as 65001;';
    const own = neighbor('static { route 10.1.0.0/24 next-hop self; }', '10.0.0.1', internal);
    expect(words(own)['10.1.0.0/24']).toMatchObject({ 'local-preference': '100', 'as-path': '[  ]' });
  });

  it('what stands in one neighbor is for that neighbor', () => {
    const second = 'local-address 10.0.1.2; local-as 65001; peer-as 65003;';
    const read = readText(route('') + neighbor('', '10.0.1.1', second));
    expect(peersOf(read).map((peer) => Object.keys(sentTo(read, peer)))).toEqual([['10.1.0.0/24'], []]);
  });

  it('self of an IPv6 route on an IPv4 session goes out as 0.0.0.0, and a lone IPv4 next hop as it stands', () => {
    const routes = 'route 2001:db8::/48 next-hop self; route 2001:db8:1::/48 next-hop 10.0.0.9 med 1;';
    const { router, diagnostics } = readText(neighbor(`static { ${routes} }`));
    const nextHops = router?.bgp?.originations.map(
      (one) => one.kind === 'announce' && one.attributes.nextHop,
    );
    expect(nextHops).toMatchObject([{ text: '0.0.0.0' }, { text: '10.0.0.9' }]);
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['ipv4 unicast; ipv6 unicast;', ['2001:db8::/48']],
    ['ipv4 unicast; ipv6 unicast; ipv4 multicast; ipv4 flow;', ['2001:db8::/48']],
    ['ipv4 unicast; ipv6 unicast; ipv4 multicast; ipv4 flow; ipv6 flow;', ['10.0.0.0/8', '2001:db8::/48']],
  ])('families %s: who speaks for routes that differ in family alone', (families, sent) => {
    const routes = 'route 10.0.0.0/8 next-hop self; route 2001:db8::/48 next-hop self;';
    const { router } = readText(neighbor(`family { ${families} } static { ${routes} }`));
    const prefixes = router?.bgp?.originations.map((one) => one.kind === 'announce' && one.prefix.text);
    expect(prefixes).toEqual(sent);
  });
});

describe('sessions', () => {
  it('both families where none are listed, hold time 180, no listening', () => {
    expect(peersOf(readText(neighbor('')))[0]).toMatchObject({
      families: { 'ipv4-unicast': {}, 'ipv6-unicast': {} },
      timers: { hold: 180, keepalive: 60 },
      listenPorts: [],
      passive: false,
    });
  });

  it('a neighbor without listen takes calls where another one opened the port of the same address', () => {
    const text = neighbor('listen 179;') + neighbor('', '10.0.0.3');
    expect(peersOf(readText(text)).map(({ listenPorts }) => listenPorts)).toEqual([[179], [179]]);
  });
});

describe('what is not modelled is said', () => {
  const effects = (text: string) => readText(text).lines.map(({ text: line, matters }) => [line, matters]);

  it.each([
    ['flow', neighbor('flow { }'), 'flow', false],
    ['l2vpn', neighbor('l2vpn { }'), 'l2vpn', false],
    ['several sessions', neighbor('capability { multi-session; }'), 'multi-session true', true],
    [
      'extended communities',
      neighbor('static { route 10.1.0.0/24 next-hop self extended-community l2info:1:2:3:4; }'),
      'extended-community l2info:1:2:3:4',
      false,
    ],
    ['words behind a value', neighbor('description two words;'), 'words', false],
  ])('%s', (_, text, line, matters) => expect(effects(text)).toEqual([[line, matters]]));

  it('a process matters where a neighbor names it', () => {
    const process = 'process p { run /bin/true; encoder text; }\n';
    expect(effects(process + neighbor(''))).toEqual([['process p', false]]);
    expect(effects(process + neighbor('api { processes [ p ]; }'))).toEqual([['process p', true]]);
  });

  it('a template that is not there, with the nearest name', () => {
    const text = `template { neighbor tor { } }\n${neighbor('inherit tors;')}`;
    expect(readText(text).diagnostics).toMatchObject([
      { rule: 'config-undefined-name', found: 'tors', nearest: 'tor' },
    ]);
  });

  it('what ExaBGP drops without a word', () => {
    expect(readText(neighbor('family { ipv4 unicast }')).lines).toMatchObject([
      { status: 'unrecognised', text: 'ipv4' },
      { status: 'unrecognised', text: 'unicast' },
    ]);
    expect(readText(`${neighbor('')}}\n`).lines).toMatchObject([{ status: 'unrecognised', text: '}' }]);
  });
});

describe('hostile files', () => {
  it('any text is read without a crash', () => {
    const piece = fc.constantFrom(
      'neighbor',
      '10.0.0.1',
      '{',
      '}',
      ';',
      '[',
      ']',
      '(',
      '"',
      "'",
      '#',
      '\\',
      '\n',
      'route',
      'as-path',
      'inherit',
      'template',
      'static',
      'split',
      '/32',
      '0.0.0.0/0',
      ' ',
      '\u0000',
      '𝒳',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void readText(pieces.join(' '))));
  });

  it('neither nesting, nor doubling templates, nor splitting a whole family takes long', () => {
    const doubling = `template { neighbor t { static { ${'route 10.1.0.0/24 next-hop self; '.repeat(10)} } } }\n${neighbor('inherit t;'.repeat(64))}`;
    const wide = neighbor('static { route 0.0.0.0/0 next-hop self split /32; }');
    const started = performance.now();
    for (const text of ['{'.repeat(100_000), doubling, wide, `neighbor ${'x '.repeat(200_000)};`])
      readText(text);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(readText(wide).lines).toMatchObject([{ matters: true }]);
  });
});
