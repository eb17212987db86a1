import { describe, expect, it } from 'vitest';
import { fabricgen } from './run.ts';
import { useWorkplace } from './workplace.ts';

const { write } = useWorkplace();

const router = 'router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n';

describe('speaker --check', () => {
  it.each([
    ['frr.conf', router],
    ['bgpd.conf', router],
    ['gobgp.toml', '[global.config]\n  as = 65001\n  router-id = "10.0.0.1"\n'],
    [
      'bird.conf',
      'router id 10.0.0.1;\nprotocol device {}\nprotocol bgp p { local as 65001; neighbor 10.0.0.2 as 65002; ipv4 { import all; export all; }; }\n',
    ],
    [
      'exabgp.conf',
      'neighbor 10.0.0.2 {\n  router-id 10.0.0.1;\n  local-address 10.0.0.1;\n  local-as 65001;\n  peer-as 65002;\n}\n',
    ],
  ])('%s is read by its name', async (name, text) => {
    expect(await fabricgen(['speaker', '--check', '--config', write(name, text)])).toEqual({
      code: 0,
      out: expect.stringMatching(/^AS 65001, router id /),
      err: '',
    });
  });

  it('says what is in it', async () => {
    const text = [
      'router bgp 65001',
      ' bgp router-id 10.0.0.1',
      ' neighbor 10.0.0.2 remote-as 65002',
      ' neighbor 10.0.0.3 remote-as external',
      ' neighbor 10.0.0.3 passive',
      ' address-family ipv4 unicast',
      '  network 10.1.0.0/24',
      '  redistribute connected',
      ' address-family ipv6 unicast',
      '  neighbor 10.0.0.2 activate',
      '',
    ].join('\n');
    const { out } = await fabricgen(['speaker', '--check', '--config', write('frr.conf', text)]);
    expect(out.replaceAll(/ +/g, ' ').split('\n')).toEqual([
      'AS 65001, router id 10.0.0.1',
      'NEIGHBOR AS SESSION FAMILIES',
      '10.0.0.2 65002 calls ipv4-unicast, ipv6-unicast',
      '10.0.0.3 external takes calls ipv4-unicast',
      'originates: 10.1.0.0/24, connected routes of ipv4-unicast',
      '',
    ]);
  });

  it('a name that says nothing needs --format', async () => {
    const path = write('router.txt', router);
    const bare = await fabricgen(['speaker', '--check', '--config', path]);
    expect(bare).toMatchObject({ code: 2, err: expect.stringContaining('[speaker-config]') });
    expect(await fabricgen(['speaker', '--check', '--config', path, '--format', 'frr'])).toMatchObject({
      code: 0,
    });
  });

  it.each([
    [
      'a password',
      `${router} neighbor 10.0.0.2 password s3cret\n`,
      1,
      /frr\.conf:2:[\s\S]*\[speaker-password\]|\[speaker-password\][\s\S]*frr\.conf:2/,
    ],
    ['no BGP in it', 'hostname r1\n', 1, /no BGP is configured/],
    ['a line FRR does not know', `${router} neighbor 10.0.0.2 nonsense\n`, 1, /frr\.conf:3/],
    [
      'an aggregate',
      `${router} address-family ipv4 unicast\n  aggregate-address 10.0.0.0/8\n`,
      0,
      /frr\.conf:4[\s\S]*the aggregate 10\.0\.0\.0\/8 is not made/,
    ],
    ['TTL security', `${router} neighbor 10.0.0.2 ttl-security hops 1\n`, 1, /\[speaker-ttl-security\]/],
  ])('%s', async (_, text, code, words) => {
    const run = await fabricgen(['speaker', '--check', '--config', write('frr.conf', text)]);
    expect(run.err).toMatch(words);
    expect(run.code).toBe(code);
    expect(run.err).not.toContain('s3cret\n    at');
  });

  it('a file that is not there, and no file at all', async () => {
    expect(await fabricgen(['speaker', '--config', 'nowhere/frr.conf'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('[file-unreadable]'),
    });
    expect(await fabricgen(['speaker'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--config FILE'),
    });
  });

  it('a host of an inventory is rendered in memory', async () => {
    expect(
      await fabricgen(['speaker', '--check', '-i', 'inventory/batch-overlay', '--host', 'web01']),
    ).toMatchObject({ code: 0 });
    expect(
      await fabricgen(['speaker', '--check', '-i', 'inventory/batch-overlay', '--host', 'nobody']),
    ).toMatchObject({
      code: 2,
      err: expect.stringContaining('[unknown-host]'),
    });
  });
});

describe('commands that ask a speaker', () => {
  it('say where none answers', async () => {
    const run = await fabricgen(['speaker', 'neighbors', '--socket', '/nowhere/api.sock']);
    expect(run).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('no speaker answers at /nowhere/api.sock'),
    });
  });

  it('take an option behind their name for their own', async () => {
    expect(await fabricgen(['speaker', 'announce', '10.0.0.0/8', '--med', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--med'),
    });
  });
});

describe('speaker --replay and pcap', () => {
  it.each([
    ['a file that is none', 'hello\n', '[speaker-recording]'],
    ['an empty one', '', '[speaker-recording]'],
  ])('%s', async (_, text, words) => {
    const path = write('life.rec', text);
    for (const args of [
      ['--replay', path],
      ['pcap', path, '-o', `${path}.pcap`],
    ])
      expect(await fabricgen(['speaker', ...args])).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining(words),
      });
  });
});
