import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePrefix } from '../../src/base/ip.ts';
import { inPrefixSet } from '../../src/bgp/policy/match-prefix.ts';
import { Gobgp } from '../../src/lab/daemons/gobgp.ts';
import { Namespaces } from '../../src/lab/netns.ts';
import { tryRun } from '../../src/lab/shell.ts';
import { gobgpTarget } from '../../src/targets/gobgp/index.ts';
import { full, reflector, rendered } from '../targets/gobgp/fixture.ts';
import { describeLab } from './support/requirements.ts';

describeLab('gobgpd -d on rendered files', { programs: ['gobgpd'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-gobgpd-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function judge(text: string): ReturnType<typeof tryRun> {
    const file = join(folder, 'gobgp.toml');
    writeFileSync(file, text);
    return tryRun('gobgpd', ['-d', '-f', file]);
  }

  const text = (host: typeof full): string => rendered(host, gobgpTarget).get('gobgp.toml') ?? '';

  it.each([full, reflector])('accepts $name', (host) => {
    expect(judge(text(host)).code).toBe(0);
  });

  // Each of them our reader refuses too, so the judge can say no and the two agree.
  it.each([
    ['an unknown key', 'peer-as = 65501', 'peer-asn = 65501'],
    ['a wrong kind', 'admin-down = true', 'admin-down = "maybe"'],
    ['remove-private-as on iBGP', 'peer-as = 65501', 'peer-as = 65500'],
    ['TOML that ends early', 'neighbor-address = "10.0.0.2"', 'neighbor-address = "10.0.0.2'],
  ])('refuses %s', (_, before, after) => {
    const broken = text(full).replace(before, after);
    expect(broken).not.toBe(text(full));
    expect(judge(broken).code).toBe(1);
    const files = new Map([['gobgp.toml', { path: 'gobgp.toml', text: broken }]]);
    expect(gobgpTarget.read(files, { host: 'x', version: '3' }).diagnostics).not.toEqual([]);
  });
});

describeLab('gobgpd running from rendered files', { root: true, programs: ['gobgpd', 'gobgp', 'ip'] }, () => {
  let namespaces: Namespaces;
  const running: Gobgp[] = [];

  beforeAll(() => {
    namespaces = new Namespaces('fgg');
  });
  afterAll(() => {
    namespaces.close();
    for (const gobgp of running) gobgp.close();
  });

  async function start(name: string, files: ReadonlyMap<string, string>): Promise<void> {
    namespaces.add(name);
    running.push(await Gobgp.start(namespaces, name, files));
  }

  function ask(name: string, ...words: readonly string[]): unknown {
    return JSON.parse(namespaces.tryExec(name, 'gobgp', ['-j', ...words]).stdout || 'null');
  }

  it('takes every policy, and announces what the commands say', async () => {
    await start('full', rendered(full, gobgpTarget));
    const policies = ask('full', 'policy') as readonly {
      readonly name: string;
      readonly statements: readonly object[];
    }[];
    const [read] = readFull()?.peers ?? [];
    const imports = read?.families['ipv4-unicast']?.importPolicy[0]?.statements.length ?? 0;
    const exports = read?.families['ipv4-unicast']?.exportPolicy[0]?.statements.length ?? 0;
    expect(policies.reduce((sum, { statements }) => sum + statements.length, 0)).toBe(imports + exports);
    expect(Object.keys(ask('full', 'global', 'rib') as object)).toEqual(['172.18.1.0/24']);
    expect(Object.keys(ask('full', 'global', 'rib', '-a', 'ipv6') as object)).toEqual(['2001:db8:18:1::/64']);
  });

  function readFull() {
    const files = new Map(
      [...rendered(full, gobgpTarget)].map(([path, each]) => [path, { path, text: each }]),
    );
    return gobgpTarget.read(files, { host: 'x', version: '3' }).router?.bgp;
  }

  it('answers for a prefix-set of nested networks as our reader does', async () => {
    const routes = [
      '10.0.0.0/8',
      '10.2.0.0/16',
      '10.1.0.0/16',
      '10.1.1.0/24',
      '10.1.2.0/24',
      '10.1.2.128/25',
      '10.1.2.9/32',
      '11.0.0.0/16',
    ];
    const sets = (rendered(full, gobgpTarget).get('gobgp.toml') ?? '').match(
      /\[\[defined-sets\.prefix-sets\]\]\n {2}prefix-set-name = "nested"\n(?: {2,}.*\n)*/,
    )?.[0];
    const policy = `[global.config]
  as = 65500
  router-id = "10.0.0.1"
[global.apply-policy.config]
  import-policy-list = ["only-nested"]
${sets}[[policy-definitions]]
  name = "only-nested"
  [[policy-definitions.statements]]
    name = "others"
    [policy-definitions.statements.conditions.match-prefix-set]
      prefix-set = "nested"
      match-set-options = "invert"
    [policy-definitions.statements.actions]
      route-disposition = "reject-route"
`;
    const commands = routes.map((route) => `gobgp global rib add ${route}\n`).join('');
    await start(
      'sets',
      new Map([
        ['gobgp.toml', policy],
        ['gobgp-cli.txt', commands],
      ]),
    );
    const kept = Object.keys((ask('sets', 'global', 'rib') ?? {}) as object).sort();

    const files = new Map([
      [
        'gobgp.toml',
        {
          path: 'gobgp.toml',
          text: `${policy}[[neighbors]]\n [neighbors.config]\n  neighbor-address = "10.0.0.2"\n  peer-as = 1\n`,
        },
      ],
    ]);
    const { router, diagnostics } = gobgpTarget.read(files, { host: 'x', version: '3' });
    expect(diagnostics).toEqual([]);
    const conditions =
      router?.bgp?.peers[0]?.families['ipv4-unicast']?.importPolicy[0]?.statements[0]?.conditions ?? [];
    const found = conditions.find((condition) => condition.kind === 'prefix');
    const set = found?.kind === 'prefix' ? found.set : expect.fail('no prefix condition');
    const ours = routes.filter((route) => {
      const prefix = parsePrefix(route);
      return prefix !== null && inPrefixSet(set, prefix);
    });
    expect(kept).toEqual(ours.sort());
    expect(kept).toContain('10.1.2.128/25');
    expect(kept).not.toContain('10.1.1.0/24');
  });
});
