import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fabricgen } from './run.ts';
import { filesBelow, fullMesh, useWorkplace } from './workplace.ts';

const { path, write } = useWorkplace();

const THREE = fullMesh(['a', 'b', 'c']);

const three = () => ['-i', write('inv/hosts.yml', THREE), '-o', path('out')];

describe('render', () => {
  it('writes every file once and then finds nothing to do', async () => {
    const args = three();
    const first = await fabricgen(['render', ...args]);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^\+ .*out\/a\/ {2}frr\.conf {2}daemons .* manifest\.json$/m);
    const files = filesBelow(path('out'));
    expect(Object.keys(files)).toContain('c/manifest.json');
    const again = await fabricgen(['render', ...args]);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toMatch(/^0 created, 0 updated, 0 removed, \d+ unchanged\n$/);
    expect(filesBelow(path('out'))).toEqual(files);
  });

  it('--check says what would change and writes nothing', async () => {
    const run = await fabricgen(['render', ...three(), '--check']);
    expect(run.code).toBe(0);
    expect(run.out).toContain('nothing was written');
    expect(existsSync(path('out'))).toBe(false);
  });

  it('removes what it no longer wants, and only that', async () => {
    const args = three();
    await fabricgen(['render', ...args]);
    write('out/c/notes.txt', 'mine');
    write('inv/hosts.yml', THREE.replace(/^ {4}c: .*\n/m, ''));
    const run = await fabricgen(['render', ...args]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(Object.keys(filesBelow(path('out'))).filter((name) => name.startsWith('c/'))).toEqual([
      'c/notes.txt',
    ]);
  });

  it('may write inside the inventory: what it wrote is no source of it', async () => {
    const args = ['-i', dirname(write('inv/hosts.yml', THREE)), '-o', path('inv/build')];
    expect(await fabricgen(['render', ...args])).toMatchObject({ code: 0, err: '' });
    expect(await fabricgen(['render', ...args])).toMatchObject({ code: 0, err: '' });
    expect((await fabricgen(['simulate', ...args, '-q'])).out).toMatch(/^PASS {2}3 hosts/);
  });

  it('--limit leaves the other hosts alone', async () => {
    const args = three();
    await fabricgen(['render', ...args]);
    write('inv/hosts.yml', THREE.replace('65500', '65501'));
    const run = await fabricgen(['render', ...args, '--limit', 'a']);
    expect(run.code).toBe(0);
    const files = filesBelow(path('out'));
    expect(files['a/frr.conf']).toContain('router bgp 65501');
    expect(files['b/frr.conf']).toContain('router bgp 65500');
  });

  it('writes nothing if anything is invalid', async () => {
    const args = [
      '-i',
      write('inv/hosts.yml', THREE.replace('10.0.0.3/24', '10.0.0.03/24')),
      '-o',
      path('out'),
    ];
    const run = await fabricgen(['render', ...args]);
    expect(run).toMatchObject({ code: 1, out: '' });
    expect(run.err).toMatch(/hosts\.yml:10:\d+ error /);
    expect(existsSync(path('out'))).toBe(false);
  });

  it.runIf(existsSync('/proc/self'))('says so where no folder can be made', async () => {
    const run = await fabricgen(['render', '-i', write('inv/hosts.yml', THREE), '-o', '/proc/fabricgen/out']);
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/^error '\/proc\/fabricgen' cannot be written/);
  });

  it('keeps a hand-edited file until told otherwise', async () => {
    const args = three();
    await fabricgen(['render', ...args]);
    const file = join(path('out'), 'a', 'frr.conf');
    const edited = `${readFileSync(file, 'utf8')}! mine\n`;
    writeFileSync(file, edited);
    const refused = await fabricgen(['render', ...args]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('edited by hand');
    expect(readFileSync(file, 'utf8')).toBe(edited);
    const forced = await fabricgen(['render', ...args, '--force']);
    expect(forced.code).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toContain('! mine');
  });
});

describe('simulate', () => {
  it('prints the tables and passes', async () => {
    const run = await fabricgen(['simulate', ...three()]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain('*> 172.18.2.0/24  10.0.0.2');
    expect(run.out).toMatch(/PASS {2}3 hosts, 6 of 6 session ends established, 3 prefixes\n$/);
  });

  it('gives the versioned JSON', async () => {
    const run = await fabricgen(['simulate', ...three(), '--format', 'json', '--limit', 'b']);
    const result = JSON.parse(run.out);
    expect(result).toMatchObject({ version: 1, outcome: 'pass', findings: [], unmodelled: [] });
    expect(Object.keys(result.hosts)).toEqual(['b']);
    expect(result.hosts.b.fib).toEqual({ '172.18.1.0/24': ['10.0.0.1'], '172.18.3.0/24': ['10.0.0.3'] });
    expect(result.hosts.b.bgp['172.18.1.0/24']).toMatchObject([
      {
        best: true,
        valid: true,
        nextHop: '10.0.0.1',
        asPath: '',
        localPref: 100,
        med: 0,
        origin: 'igp',
        from: '10.0.0.1',
      },
    ]);
  });

  it('says what is wrong in a template once, with its line, and does not miss the file it makes', async () => {
    const common = three();
    write('inv/templates/frr/frr.conf.hbs', 'hostname {{hostnme}}\n');
    const { code, err } = await fabricgen(['render', ...common]);
    expect(code).toBe(1);
    expect(err.match(/^\S*\s?error /gm)).toHaveLength(1);
    expect(err).toContain('1 | hostname {{hostnme}}');
    expect(err).toContain("fix:      write 'hostname'");
  });

  it('names host, prefix and line when a changed template drops a network', async () => {
    const args = three();
    const shipped = readFileSync(new URL('../../templates/frr/frr.conf.hbs', import.meta.url), 'utf8');
    const lines = shipped.split('\n');
    const at = lines.findIndex((line) => line.trimStart().startsWith('network {{prefix}}'));
    const override = write('inv/templates/frr/frr.conf.hbs', shipped);
    const before = await fabricgen(['simulate', ...args]);
    expect(before.code, before.err).toBe(0);
    expect(at).toBeGreaterThan(-1);
    lines.splice(at, 1);
    writeFileSync(override, lines.join('\n'));
    const run = await fabricgen(['simulate', ...args]);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/hosts\.yml:8:\d+ error a .*172\.18\.1\.0\/24.*\[not-announced\]/);
    expect(run.out).toMatch(new RegExp(`departs from the shipped one: .*frr\\.conf\\.hbs:${at + 1}:1`));
    expect(run.out).toMatch(/expected after this line: .*out\/a\/frr\.conf:\d+:\d+/);
  });

  it('reads a hand-edited file and points at the line the daemon would refuse', async () => {
    const args = three();
    await fabricgen(['render', ...args]);
    const file = join(path('out'), 'b', 'frr.conf');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('  neighbor 10.0.0.1 activate', '  neighbor 10.0.0.1 activaate'),
    );
    const run = await fabricgen(['simulate', ...args]);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/out\/b\/frr\.conf:\d+:\d+ error b: .*\[config-unrecognised\]/);
    expect(run.out).toContain('activaate');
    expect(run.err).toMatch(/^info b: '.*frr\.conf' was edited by hand/);
  });
});

describe('diff', () => {
  it('needs something to compare with', async () => {
    const run = await fabricgen(['diff', ...three()]);
    expect(run.code).toBe(2);
    expect(run.err).toContain('fabricgen render');
  });

  it('shows files and routes, and --exit-code says whether there are any', async () => {
    const args = three();
    await fabricgen(['render', ...args]);
    const none = await fabricgen(['diff', ...args, '--exit-code']);
    expect(none).toEqual({ code: 0, out: 'No change.\n', err: '' });
    write('inv/hosts.yml', THREE.replace('172.18.3.1', '172.18.33.1'));
    const some = await fabricgen(['diff', ...args, '--exit-code']);
    expect(some.code).toBe(4);
    expect(some.out).toContain('-  network 172.18.3.0/24\n+  network 172.18.33.0/24');
    expect(some.out).toContain('  172.18.3.0/24\n    - a: via 10.0.0.3\n');
    expect((await fabricgen(['diff', ...args])).code).toBe(0);
    const json = JSON.parse((await fabricgen(['diff', ...args, '--format', 'json'])).out);
    expect(json).toMatchObject({ version: 1, sessions: [], outcome: { before: 'pass', after: 'pass' } });
    expect(json.prefixes.map(({ prefix }: { prefix: string }) => prefix)).toEqual([
      '172.18.3.0/24',
      '172.18.33.0/24',
    ]);
  });

  it('shows sessions that vanish', async () => {
    const args = three();
    await fabricgen(['render', ...args]);
    write('inv/hosts.yml', THREE.replace(/^ {4}c: .*\n/m, ''));
    const run = await fabricgen(['diff', ...args]);
    expect(run.out).toMatch(/- a to c \(10\.0\.0\.3\): Established/);
  });
});

describe('inventory', () => {
  it('says where each value came from and what it replaced', async () => {
    const file = write('inv/hosts.yml', THREE.replace('a: {', 'a: { bgp_asn: 65999,'));
    const run = await fabricgen(['inventory', '-i', file, 'a', '--format', 'json']);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(run.out)).toMatchObject({
      a: {
        groups: ['all', 'ungrouped'],
        vars: {
          bgp_asn: {
            value: 65999,
            source: 'hosts.yml:8:19',
            replaced: [{ value: 65500, source: 'hosts.yml:3:14' }],
          },
        },
      },
    });
  });

  it('reads what ansible-inventory --list prints, from standard input', async () => {
    const list = {
      _meta: { hostvars: { h: { bgp_asn: 65500 } } },
      all: { children: ['ungrouped'] },
      ungrouped: { hosts: ['h'] },
    };
    const run = await fabricgen(['inventory', '-i', '-', '--format', 'json'], JSON.stringify(list));
    expect(JSON.parse(run.out).h.vars.bgp_asn.value).toBe(65500);
  });

  it('suggests the host that was meant', async () => {
    write('inv/hosts.yml', THREE.replace('a: {', 'web01: {'));
    const run = await fabricgen(['inventory', '-i', path('inv'), 'wev01']);
    expect(run.code).toBe(2);
    expect(run.err).toContain('did you mean web01?');
  });
});

describe('validate', () => {
  it.each(['json', 'sarif', 'github'])('prints %s', async (format) => {
    const file = write('inv/hosts.yml', THREE.replace('bgp_neighbors', 'bgp_neighbours'));
    const run = await fabricgen(['validate', '-i', file, '--format', format]);
    expect(run.code).toBe(1);
    expect(run.out).toContain('bgp_neighbours');
    if (format !== 'github') JSON.parse(run.out);
  });

  it('is content with the examples', async () => {
    for (const name of ['batch-overlay', 'rr-gobgp', 'clos-dualstack']) {
      const run = await fabricgen(['validate', '-i', `inventory/${name}`]);
      expect(run, run.out).toMatchObject({ code: 0 });
    }
  });
});

describe('init', () => {
  it('copies an example that validates', async () => {
    const run = await fabricgen(['init', 'clos-dualstack', path('mine')]);
    expect(run.code).toBe(0);
    expect((await fabricgen(['validate', '-i', path('mine'), '-q'])).code).toBe(0);
  });

  it('never writes into a folder that has something in it', async () => {
    write('mine/precious', 'x');
    const run = await fabricgen(['init', path('mine')]);
    expect(run.code).toBe(2);
    expect(filesBelow(path('mine'))).toEqual({ precious: 'x' });
  });

  it('suggests the example that was meant', async () => {
    expect((await fabricgen(['init', 'batch-overlai', path('mine')])).err).toContain(
      'did you mean batch-overlay?',
    );
  });
});

describe('the rest of the interface', () => {
  it('explains every rule it lists', async () => {
    const list = await fabricgen(['explain-rule']);
    const ids = list.out
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(/\s/)[0] ?? '');
    expect(ids.length).toBeGreaterThan(40);
    for (const id of ids) {
      const run = await fabricgen(['explain-rule', id]);
      expect(run, id).toMatchObject({ code: 0, err: '' });
    }
  });

  it('prints the schema', async () => {
    for (const of of ['inventory', 'vars']) {
      const run = await fabricgen(['schema', of]);
      expect(JSON.parse(run.out)).toHaveProperty('$schema');
    }
  });

  it.each([[['bogus']], [['render', '--bogus']], [['simulate', '--format', 'bogus']], [['init']]])(
    'answers %j with a usage error',
    async (args) => {
      const run = await fabricgen(args);
      expect(run.code).toBe(2);
      expect(run.err).not.toContain('    at ');
    },
  );

  it('says what to do about a missing inventory', async () => {
    const run = await fabricgen(['validate', '-i', path('nowhere')]);
    expect(run.code).toBe(2);
    expect(run.out).toContain('nowhere');
    rmSync(path('nowhere'), { force: true });
  });

  it('prints its version and help', async () => {
    expect((await fabricgen(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await fabricgen(['--help'])).out).toContain('Exit codes');
  });
});

describe('a host that is not ours', () => {
  /** One switch, named by its ASN and address only; nobody wrote down its neighbors. */
  const SWITCH = `all:
  children:
    switches:
      vars: { bgp_daemon: external }
      hosts:
        tor: { bgp_asn: 65000, net_interfaces: { p1: 10.0.1.1/24, p2: 10.0.2.1/24 } }
    servers:
      vars:
        bgp_daemon: frr
        bgp_neighbors: [{ host: tor }]
        docker_default_address_pools: [{ base: 172.30.0.0/16, size: 24 }]
      hosts:
        a: { bgp_asn: 65001, net_interfaces: { eth0: 10.0.1.2/24 }, docker_bip: 172.18.1.1/24 }
        b: { bgp_asn: 65002, net_interfaces: { eth0: 10.0.2.2/24 }, docker_bip: 172.18.2.1/24 }
`;

  it('answers every session that ours expect, and passes routes on', async () => {
    const run = await fabricgen(['simulate', '-i', write('inv/hosts.yml', SWITCH), '-o', path('out')]);
    expect(run.code, run.out + run.err).toBe(0);
    expect(run.out).toContain('4 of 4 session ends established');
    expect(run.out).toMatch(/\*> 172\.18\.2\.0\/24 {2}10\.0\.1\.1 .* 65000 65002 i/);
  });
});

describe('simulate --configs', () => {
  const folder = () => {
    write(
      'net/topology.yml',
      'hosts:\n  r1: { daemon: frr, version: 8.4, interfaces: { eth0: { addresses: [10.0.0.1/30], link: l } } }\n  r2: { daemon: frr, interfaces: { eth0: { addresses: [10.0.0.2/30], link: l } } }\n',
    );
    const conf = (own: number, peer: string, remote: number, line = '') =>
      `frr version 8.4\nfrr defaults datacenter\nrouter bgp ${own}\n neighbor ${peer} remote-as ${remote}\n${line}`;
    write(
      'net/configs/r1/frr.conf',
      conf(65001, '10.0.0.2', 65002, ' no bgp network import-check\n network 10.1.0.0/24\n'),
    );
    write('net/configs/r2/frr.conf', conf(65002, '10.0.0.1', 65001));
    return path('net');
  };

  it('simulates configurations that fabricgen never wrote', async () => {
    const run = await fabricgen(['simulate', '--configs', folder(), '--format', 'json', '--start', 'r2,r1']);
    expect(run).toMatchObject({ code: 0, err: '' });
    const { version, outcome, hosts } = JSON.parse(run.out);
    expect([version, outcome]).toEqual([1, 'pass']);
    expect(hosts.r2.bgp['10.1.0.0/24']).toMatchObject([{ best: true, nextHop: '10.0.0.1', asPath: '65001' }]);
    expect(hosts.r2.fib).toEqual({ '10.1.0.0/24': ['10.0.0.1'] });
  });

  it('shows the hosts that --limit names, and says where it names none', async () => {
    const limited = await fabricgen(['simulate', '--configs', folder(), '-l', 'r*:!r1']);
    expect(limited.out).toMatch(/^r2\n/);
    expect(limited.out).not.toContain('\nr1\n');
    const none = await fabricgen(['simulate', '--configs', folder(), '-l', 'r3']);
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('[host-pattern]');
  });

  it('a file that is no text and a link that leads nowhere are named with what to do, and once', async () => {
    const net = folder();
    write('net/configs/r2/frr.conf', 'frr version 8.4\n\0\0');
    symlinkSync('nowhere', path('net/configs/r1/old.conf'));
    const { code, out } = await fabricgen(['simulate', '--configs', net, '-q']);
    expect(code).toBe(1);
    const rules = [...out.matchAll(/error .*\[([a-z-]+)\]/g)].map(([, rule]) => rule);
    expect(rules).toEqual(['file-unreadable', 'file-unreadable', 'session-down']);
    expect(out).toContain('r2/frr.conf:2:1 error');
    expect(out).toContain('correct or remove this file');
  });

  it('shows the line of a file that an event loads', async () => {
    const net = folder();
    write('net/later/r1/frr.conf', 'frr version 8.4\nrouter bgp 65001\n neighbor 10.9.9.9 remote-as 65009\n');
    const topology = readFileSync(path('net/topology.yml'), 'utf8');
    write('net/topology.yml', `${topology}\nevents:\n  - { files: { host: r1, from: later } }\n`);
    const { out } = await fabricgen(['simulate', '--configs', net, '-q']);
    expect(out).toContain('later/r1/frr.conf:3:2');
    expect(out).toContain('3 |  neighbor 10.9.9.9 remote-as 65009');
  });

  it('a file of which no line is known is cut short as text, and whole as JSON', async () => {
    const net = folder();
    write('net/configs/r2/frr.conf', 'garbage\n'.repeat(80));
    const text = await fabricgen(['simulate', '--configs', net, '-q']);
    expect(text.out.match(/\[config-unrecognised\]/g)).toHaveLength(51);
    expect(text.out).toContain('and 30 more [config-unrecognised] in ');
    const json = await fabricgen(['simulate', '--configs', net, '--format', 'json']);
    expect(JSON.parse(json.out).findings).toHaveLength(81);
  });

  it('a folder without topology.yml, a faulty one and an unknown host to start fail with a place', async () => {
    const missing = await fabricgen(['simulate', '--configs', path('nowhere')]);
    expect(missing.code).toBe(2);
    expect(missing.out).toContain('topology.yml: it does not exist');
    const started = await fabricgen(['simulate', '--configs', folder(), '--start', 'r3']);
    expect(started.code).toBe(1);
    expect(started.out).toContain('--start names r3');
    write('net/topology.yml', 'hosts: { r1: { daemon: cisco } }');
    const faulty = await fabricgen(['simulate', '--configs', path('net'), '--format', 'json']);
    expect(faulty.code).toBe(1);
    expect(JSON.parse(faulty.out)).toMatchObject({
      outcome: 'fail',
      hosts: {},
      findings: [{ rule: 'invalid-value' }],
    });
  });
});
