import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Docker } from '../../../src/model/fabric.ts';
import { applyCommand, changedKeys } from '../../../src/targets/docker/apply.ts';
import { dockerTarget } from '../../../src/targets/docker/index.ts';
import { docker, fabric, host, interfaceAddress, prefix } from '../sample.ts';

function render(options: Partial<Docker>): string {
  const web = host('web01', { docker: docker(options) });
  const [plan] = dockerTarget.files(web, fabric(web));
  return typeof plan?.context === 'string' ? plan.context : '';
}

function read(text: string, version = '20.10') {
  const files = new Map([['daemon.json', { path: 'daemon.json', text }]]);
  return dockerTarget.read(files, { host: 'web01', version });
}

function limits(options: Partial<Docker>): string[] {
  const web = host('web01', { docker: docker(options) });
  return dockerTarget
    .limits(web, fabric(web))
    .map((d) => `${d.severity} ${d.rule}: ${d.message} [${d.nearest ?? ''}]`);
}

const everything: Partial<Docker> = {
  version: '28',
  bip: interfaceAddress('172.18.1.1/24'),
  bip6: interfaceAddress('2001:db8:18:1::1/64'),
  fixedCidr: prefix('172.18.1.128/25'),
  fixedCidrV6: prefix('2001:db8:18:1:1::/80'),
  iptables: true,
  ip6tables: true,
  ipv6: true,
  mtu: 1450,
  liveRestore: true,
  defaultAddressPools: [{ base: prefix('10.200.0.0/16'), size: 24 }],
  options: { 'log-opts': { tag: 'x', 'max-size': '10m' }, 'allow-direct-routing': true, dns: ['10.0.0.53'] },
};

describe('writing daemon.json', () => {
  it('the smallest', () =>
    expect(render({})).toBe('{\n  "bip": "172.18.1.1/24",\n  "ip-masq": false,\n  "ip-forward": true\n}\n'));

  it('every key', () => expect(render(everything)).toMatchFileSnapshot('golden/daemon.json'));

  it.each([
    ['20.10', null],
    ['23', 'dockerd --validate --config-file {file}'],
  ])('Docker %s is checked by %s', (version, check) => {
    const web = host('web01', { docker: docker({ version }) });
    expect(dockerTarget.files(web, fabric(web))[0]?.check).toBe(check);
  });
});

describe('what the engine of a version cannot do', () => {
  it.each<[string, Partial<Docker>, string[]]>([
    ['nothing to say', {}, []],
    ['everything on 28', everything, []],
    [
      'a slip in a key',
      { options: { 'log-drivr': 'x' } },
      ["error unknown-key: web01: Docker 20.10 has no key 'log-drivr' in daemon.json [log-driver]"],
    ],
    [
      'the name of a flag',
      { options: { label: [] } },
      ["error unknown-key: web01: Docker 20.10 has no key 'label' in daemon.json [labels]"],
    ],
    [
      'a key of a later engine',
      { options: { 'ip-forward-no-drop': true } },
      [
        "error target-limit: web01: Docker 20.10 does not know 'ip-forward-no-drop'; the engine knows it since 28 []",
      ],
    ],
    [
      'a key that is gone',
      { version: '26', options: { 'oom-score-adjust': 1 }, ipMasq: true },
      [
        "error target-limit: web01: Docker 26 does not know 'oom-score-adjust'; the engine refuses it since 26 []",
      ],
    ],
    [
      'a wrong kind',
      { options: { dns: '10.0.0.53' } },
      ["error wrong-type: web01: docker_options: 'dns' must be a list of texts []"],
    ],
    [
      'a key with its own variable',
      { options: { bip: '1.2.3.4/24' } },
      ["error invalid-value: web01: docker_options sets 'bip', which has a variable of its own []"],
    ],
    [
      'bip6 before 28',
      { bip6: interfaceAddress('2001:db8::1/64') },
      ["error target-limit: web01: Docker 20.10 has no 'bip6'; engine 28.0 was the first []"],
    ],
    [
      'bip and bridge',
      { options: { bridge: 'br0' } },
      [
        "error target-limit: web01: 'bip' and 'bridge' exclude each other, and dockerd does not start with both []",
      ],
    ],
    [
      'fixed-cidr elsewhere',
      { fixedCidr: prefix('10.0.0.0/24') },
      [
        "error invalid-value: web01: the 'fixed-cidr' 10.0.0.0/24 does not lie inside the network of 'bip', 172.18.1.0/24 []",
      ],
    ],
    [
      'an engine before all tables',
      { version: '19.03' },
      ['error target-limit: web01: Docker 19.03 is older than 20.10, the oldest whose keys are known []'],
    ],
    [
      'routed on 28',
      { version: '28.0' },
      [
        "warning docker-direct-routing: web01: Docker 28.0 drops what other hosts send straight to a container's address []",
      ],
    ],
    [
      'ip6tables before 27',
      { ip6tables: true },
      [
        "error target-limit: web01: Docker 20.10 takes 'ip6tables: true' only with experimental features, and does not start otherwise []",
      ],
    ],
    [
      'a key of Object.prototype',
      { options: { constructor: 1 } },
      ["error unknown-key: web01: Docker 20.10 has no key 'constructor' in daemon.json []"],
    ],
  ])('%s', (_, options, expected) => expect(limits(options)).toEqual(expected));
});

describe('reading daemon.json', () => {
  it('what was written comes back', () => {
    const result = read(render(everything), '28');
    expect(result.diagnostics).toEqual([]);
    expect(result.docker?.addresses.map(({ text }) => text)).toEqual([
      '172.18.1.1/24',
      '2001:db8:18:1::1/64',
    ]);
    expect(result.docker).toMatchObject({
      bridge: 'docker0',
      masquerade: { 4: false, 6: false },
      source: { line: 2, column: 10 },
    });
  });

  it.each<[string, string, string, string[]]>([
    ['nothing', '20.10', '{}', ['172.17.0.1/16']],
    [
      'the first pool',
      '20.10',
      '{"default-address-pools":[{"base":"10.9.0.0/16","size":24}]}',
      ['10.9.0.1/24'],
    ],
    ['fixed-cidr alone', '20.10', '{"fixed-cidr":"10.9.8.0/24"}', ['10.9.8.1/24']],
    [
      'fixed-cidr-v6',
      '20.10',
      '{"bip":"10.0.0.1/24","ipv6":true,"fixed-cidr-v6":"2001:db8:1::/64"}',
      ['10.0.0.1/24', '2001:db8:1::1/64'],
    ],
    ['IPv6 off', '20.10', '{"bip":"10.0.0.1/24","fixed-cidr-v6":"2001:db8:1::/64"}', ['10.0.0.1/24']],
    ['a bridge of the user', '20.10', '{"bridge":"br0"}', []],
    ['no bridge', '20.10', '{"bridge":"none"}', []],
  ])('addresses from %s', (_, version, text, expected) => {
    const { docker: found, diagnostics } = read(text, version);
    expect(diagnostics).toEqual([]);
    expect(found?.addresses.map((address) => address.text)).toEqual(expected);
  });

  it.each<[string, string, string]>([
    [
      'an unknown key',
      '{"bipp":"10.0.0.1/24"}',
      "1:2 dockerd 20.10 refuses the key 'bipp' (the directives don't match any configuration option) [bip]",
    ],
    [
      'a key of a later engine',
      '{\n "bip6": "x"}',
      "2:2 dockerd 20.10 refuses the key 'bip6' (the directives don't match any configuration option) [bip]",
    ],
    ['a wrong kind', '{"mtu":"1500"}', "1:8 dockerd cannot decode 'mtu': it must be a whole number []"],
    [
      'a bad address',
      '{"bip":"172.18.1.300/24"}',
      "1:8 'bip' 172.18.1.300/24 is not an IPv4 address with a mask []",
    ],
    ['no mask', '{"bip":"172.18.1.1"}', "1:8 'bip' 172.18.1.1 is not an IPv4 address with a mask []"],
    [
      'the network',
      '{"bip":"172.18.1.0/24"}',
      "1:8 'bip' 172.18.1.0/24 is not the address of a host in its network []",
    ],
    [
      'bip and bridge',
      '{"bip":"172.18.1.1/24","bridge":"br0"}',
      "1:33 dockerd does not start with both 'bip' and 'bridge' []",
    ],
    [
      'icc without iptables',
      '{"icc":false,"iptables":false}',
      "1:8 dockerd does not start with both 'icc' and 'iptables' off []",
    ],
    ['ipv6 alone', '{"ipv6":true}', "1:9 dockerd does not start with 'ipv6' and without 'fixed-cidr-v6' []"],
    ['a list', '[]', '1:1 daemon.json is not a mapping []'],
  ])('%s is refused at its place', (_, text, expected) => {
    const { docker: found, diagnostics } = read(text);
    const said = diagnostics.map(
      (d) => `${d.ranges[0]?.line}:${d.ranges[0]?.column} ${d.message} [${d.nearest ?? ''}]`,
    );
    expect(said).toEqual([expected]);
    expect(diagnostics[0]?.rule).toBe('config-refused');
    if (diagnostics[0]?.message.startsWith('dockerd does not start')) expect(found).toBeNull();
  });

  it('the name of a flag is known to be ignored', () => {
    expect(read('{"label":["a=b"]}').lines).toMatchObject([
      { status: 'unmodelled', matters: false, text: 'label' },
    ]);
  });

  it('never throws', () => {
    const almost = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json({ maxDepth: 2 }).map((value) => `{"bip":${value},"default-address-pools":[${value}]}`),
    );
    fc.assert(
      fc.property(almost, fc.constantFrom('20.10', '28', '', 'x'), (text, version) => {
        expect(Array.isArray(read(text, version).diagnostics)).toBe(true);
      }),
    );
  });
});

describe('taking a change over', () => {
  it.each<[Record<string, unknown>, Record<string, unknown>, string]>([
    [{ debug: true }, { debug: false }, 'systemctl reload docker'],
    [{ debug: true, bip: 'a' }, { debug: false, bip: 'b' }, 'systemctl restart docker'],
    [{ debug: true }, {}, 'systemctl restart docker'],
    [{}, { labels: ['a=b'] }, 'systemctl reload docker'],
  ])('%j to %j: %s', (before, after, command) => {
    expect(applyCommand(changedKeys(before, after), after)).toBe(command);
  });
});
