import { describe, expect, it } from 'vitest';
import { gobgpTarget } from '../../../src/targets/gobgp/index.ts';

/** Seen on GoBGP 3.10; what the tables come to stands in the scenario gobgp-commands. */
const head = '[global.config]\n  as = 65500\n  router-id = "10.0.0.1"\n';
const peer = (address: string) =>
  `[[neighbors]]\n  [neighbors.config]\n    neighbor-address = "${address}"\n    peer-as = 65501\n`;

function read(commands: readonly string[], toml = '') {
  const files = { 'gobgp.toml': head + toml, 'gobgp-cli.txt': `${commands.join('\n')}\n` };
  const named = Object.entries(files).map(([path, text]) => [path, { path, text }] as const);
  return gobgpTarget.read(new Map(named), { host: 'gw01', version: '3' });
}

describe('policies by command', () => {
  it('a policy of the command line is that of the file', () => {
    const { router, lines, diagnostics } = read([
      'gobgp policy prefix add ps 10.0.0.0/8 24..32',
      'gobgp policy statement s add condition prefix ps',
      'gobgp policy statement s add action med sub 3',
      'gobgp policy statement s add action accept',
      'gobgp policy add p s',
      'gobgp neighbor add 10.0.0.9 as 65501',
      'gobgp global policy import add p default reject',
    ]);
    expect([lines, diagnostics]).toEqual([[], []]);
    expect(router?.bgp?.peers[0]?.families['ipv4-unicast']?.importPolicy).toMatchObject([
      {
        statements: [
          {
            label: 's',
            verdict: 'accept',
            conditions: expect.arrayContaining([expect.objectContaining({ kind: 'prefix' })]),
            actions: [{ kind: 'med', amount: { op: 'subtract', value: 3 } }],
          },
        ],
        otherwise: 'reject',
      },
    ]);
  });

  it('an own route met the import policies of its time', () => {
    const { router } = read([
      'gobgp global rib add 10.1.0.0/24',
      'gobgp policy statement s add action reject',
      'gobgp policy add p s',
      'gobgp global policy import add p',
      'gobgp global rib add 10.2.0.0/24',
    ]);
    const policies = router?.bgp?.originations.map((one) =>
      'policies' in one ? one.policies?.length : null,
    );
    expect(policies).toEqual([0, 1]);
  });

  it.each<[string, readonly string[], string]>([
    [
      'a second action of a kind',
      ['gobgp policy statement s add action med set 3', 'gobgp policy statement s add action med add 3'],
      "gobgp refuses the command: the statement 's' has this already",
    ],
    [
      'a statement nobody made',
      ['gobgp policy add p s'],
      "gobgp refuses the command: there is no statement 's'",
    ],
  ])('%s', (_, commands, message) => {
    expect(read(commands).diagnostics.map((one) => one.message)).toEqual([message]);
  });

  it.each<[string, boolean]>([
    ['gobgp policy neighbor add n 10.0.0.0/8', false],
    ['gobgp policy statement s add action local-pref much', true],
    ['gobgp global policy', false],
    ['gobgp policy statement', false],
  ])('%s: known and not followed', (command, matters) => {
    expect(read([command]).lines).toMatchObject([{ status: 'unmodelled', matters }]);
  });
});

describe('what commands take away', () => {
  const made = [
    'gobgp policy prefix add ps 10.0.0.0/8 24..32',
    'gobgp policy prefix add ps 172.16.0.0/16',
    'gobgp policy statement s add condition prefix ps',
    'gobgp policy statement s add action accept',
    'gobgp policy statement t add action reject',
    'gobgp policy add p s t',
    'gobgp global policy import add p default reject',
  ];
  const chain = (...commands: string[]) => {
    const { router, diagnostics } = read([...made, ...commands], peer('10.0.0.9'));
    expect(diagnostics).toEqual([]);
    return router?.bgp?.peers[0]?.families['ipv4-unicast']?.importPolicy ?? [];
  };
  const labels = (...commands: string[]) =>
    chain(...commands).flatMap(({ statements }) => statements.map(({ label }) => label));

  it('a member of a set, by network and range, written or not', () => {
    const prefixes = (...commands: string[]) =>
      JSON.stringify(chain(...commands)[0]?.statements[0]?.conditions, (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    expect(prefixes()).toContain('172.16.0.0');
    expect(prefixes('gobgp policy prefix del ps 172.16.0.0/16 16..16')).not.toContain('172.16.0.0');
    expect(prefixes('gobgp policy prefix del ps 10.0.0.0/8')).toEqual(prefixes());
  });

  it('a statement of a policy, a policy, and what a statement says', () => {
    expect(labels()).toEqual(['s', 't']);
    expect(labels('gobgp policy del p t')).toEqual(['s']);
    expect(labels('gobgp policy del p')).toEqual(['s', 't']);
    expect(chain('gobgp policy statement s del condition prefix ps')[0]?.statements[0]?.conditions).toEqual(
      [],
    );
    expect(chain('gobgp policy statement s del action accept')[0]?.statements[0]?.verdict).toBe('next');
  });

  it('all policies of one direction: the default goes as well, and nothing passes', () => {
    expect(chain('gobgp global policy import del')).toMatchObject([{ statements: [], otherwise: 'reject' }]);
    expect(chain('gobgp global policy import set p default accept')).toMatchObject([{ otherwise: 'accept' }]);
  });

  it.each<[string, string]>([
    ['gobgp policy prefix del ps', "gobgp refuses the command: a policy asks the set 'ps'"],
    ['gobgp policy prefix del none', "gobgp refuses the command: there is no set 'none'"],
    ['gobgp policy statement del s', "gobgp refuses the command: a policy has the statement 's'"],
    ['gobgp global add 10.0.0.0/24', "gobgp refuses the command over 'add'"],
    [
      'gobgp global rib 10.0.0.0/24 add',
      "gobgp refuses 'add': 10.0.0.0/24 is only shown, and that is no filter for it",
    ],
    [
      'gobgp global rib add -a ipv4-unicast 10.0.0.0/24',
      "gobgp refuses the command: it has no address family 'ipv4-unicast'",
    ],
    ['gobgp neighbor all reset', 'gobgp refuses the command: there is no neighbor all'],
    ['gobgp neighbor 10.0.0.7 softresetin', 'gobgp refuses the command: there is no neighbor 10.0.0.7'],
    ['gobgp policy set p s', 'gobgp refuses the command: it knows add and del only'],
    ['gobgp policy statement s set action accept', 'gobgp refuses the command: it knows add and del only'],
    [
      'gobgp neighbor 10.0.0.9 policy in add p',
      'gobgp refuses the command: a policy is for import or export, not in',
    ],
    ['gobgp policy del none', "gobgp refuses the command: there is no policy 'none'"],
    [
      'gobgp policy statement u add condition prefix none',
      "gobgp refuses the command: there is no set 'none'",
    ],
    ['gobgp global policy import add p', "gobgp refuses the command: the policy 'p' is there already"],
    ['gobgp global policy export set none', "gobgp refuses the command: there is no policy 'none'"],
    [
      'gobgp neighbor add 10.0.0.9 as 65501',
      'gobgp refuses the command: there is a neighbor 10.0.0.9 already',
    ],
  ])('%s is refused', (command, message) => {
    const { diagnostics } = read([...made, command], peer('10.0.0.9'));
    expect(diagnostics.map((one) => one.message)).toEqual([message]);
  });
});

describe('AS_PATHs by command', () => {
  it.each<[string, string]>([
    ['10 20 {30,40} 50', '10 20 {30 40} 50'],
    ['{30 40},50', '{30 40} 50'],
    ['10 {20} ', '10 {20} '],
    ['{10} {20}', '{10}  {20}'],
  ])('%s', (text, expected) => {
    const [one] = read([`gobgp global rib add 10.1.0.0/24 aspath "${text}"`]).router?.bgp?.originations ?? [];
    const segments = one?.kind === 'announce' ? (one.attributes.segments ?? []) : [];
    const shown = segments.map(({ kind, asns }) => (kind === 'set' ? `{${asns.join(' ')}}` : asns.join(' ')));
    expect(shown.join(' ')).toBe(expected);
  });
});

describe('commands cut short', () => {
  it('the beginning of a name stands for it where no other begins so', () => {
    const { router, lines, diagnostics } = read([
      'gobgp g ri a 10.1.0.0/24',
      'gobgp n add 10.0.0.9 as 65501',
      'gobgp n 10.0.0.9 dis',
      'gobgp neighbor all softreseti',
    ]);
    expect([lines, diagnostics]).toEqual([[], []]);
    expect(router?.bgp?.originations).toMatchObject([{ prefix: { text: '10.1.0.0/24' } }]);
    expect(router?.bgp?.peers).toMatchObject([{ shutdown: true, asked: { judged: 1 } }]);
  });
});

describe('policies of a client of the route server', () => {
  const client = `${peer('10.0.0.9')}  [neighbors.route-server.config]\n    route-server-client = true\n`;
  const policy = ['gobgp policy statement s add action reject', 'gobgp policy add p s'];

  it('by command', () => {
    const { router, lines } = read([...policy, 'gobgp neighbor 10.0.0.9 policy import add p'], client);
    expect(lines).toEqual([]);
    expect(router?.bgp?.peers[0]?.families['ipv4-unicast']?.importPolicy).toMatchObject([
      { statements: [{ label: 's', verdict: 'reject' }], otherwise: 'accept' },
    ]);
  });

  it('of nobody else', () => {
    const { diagnostics } = read(
      [...policy, 'gobgp neighbor 10.0.0.9 policy import add p'],
      peer('10.0.0.9'),
    );
    expect(diagnostics).toHaveLength(1);
  });
});

describe('what has a file judge again what was received', () => {
  const text = (toml: string, commands: readonly string[] = []) =>
    read(commands, toml).router?.bgp?.policyText;

  it('another policy, of the file alone', () => {
    const plain = text(peer('10.0.0.9'));
    const sets = '[[defined-sets.prefix-sets]]\n  prefix-set-name = "ps"\n';
    expect(text(peer('10.0.0.9') + sets)).not.toBe(plain);
    expect(text(peer('10.0.0.9'), ['gobgp policy statement s add action reject'])).toBe(plain);
  });

  it('not another neighbor, unless it says something of its own', () => {
    const plain = text(peer('10.0.0.9'));
    expect(text(peer('10.0.0.9') + peer('10.0.0.8'))).toBe(plain);
    const owns = `${peer('10.0.0.9')}  [neighbors.as-path-options.config]\n    allow-own-as = 1\n`;
    expect(text(owns)).not.toBe(plain);
  });
});

describe('neighbors by command', () => {
  it('add, with what it takes', () => {
    const { router } = read([
      'gobgp neighbor add 10.0.0.9 as 65501 family ipv4-unicast,ipv6-unicast local-as 65077 allow-own-as 2 ebgp-multihop-ttl 3 replace-peer-as',
      'gobgp neighbor add 10.0.0.8 as 65500 route-reflector-client 1.2.3.4',
    ]);
    expect(router?.bgp?.peers).toMatchObject([
      {
        address: { text: '10.0.0.9' },
        localAs: { asn: 65077 },
        ebgpMultihop: 3,
        families: { 'ipv4-unicast': { allowasIn: 2, asOverride: true }, 'ipv6-unicast': {} },
      },
      { families: { 'ipv4-unicast': { routeReflectorClient: true, clusterId: 0x01020304 } } },
    ]);
  });

  it('del, disable and enable', () => {
    const shut = (...commands: string[]) =>
      read(commands, peer('10.0.0.9')).router?.bgp?.peers.map(({ shutdown }) => shutdown);
    expect(shut('gobgp neighbor 10.0.0.9 disable')).toEqual([true]);
    expect(shut('gobgp neighbor 10.0.0.9 disable', 'gobgp neighbor 10.0.0.9 enable')).toEqual([false]);
    expect(shut('gobgp neighbor del 10.0.0.9')).toEqual([]);
  });

  it('neighbors on an interface or in a VRF are not followed', () => {
    for (const where of ['interface eth0 as 65501', '10.0.0.9 as 65501 vrf red'])
      expect(read([`gobgp neighbor add ${where}`]).lines).toMatchObject([
        { status: 'unmodelled', matters: true },
      ]);
  });

  it.each(['as x', 'as 65501 passive', 'as 65501 allow-own-as', 'as 65500 route-reflector-client'])(
    'add 10.0.0.9 %s is refused',
    (words) => {
      const { diagnostics, router } = read([`gobgp neighbor add 10.0.0.9 ${words}`]);
      expect(diagnostics).toHaveLength(1);
      expect(router?.bgp?.peers).toEqual([]);
    },
  );
});
