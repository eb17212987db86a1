import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fabricgen } from './run.ts';
import { fullMesh, useWorkplace } from './workplace.ts';

const { path, write } = useWorkplace();

const THREE = fullMesh(['a', 'b', 'c']);

function three(checks?: string): readonly string[] {
  write('inv/hosts.yml', THREE);
  if (checks !== undefined) write('inv/checks.yml', checks);
  return ['-i', path('inv'), '-o', path('out')];
}

describe('check', () => {
  it('runs what stands in checks.yml beside the inventory, and what is always on', async () => {
    const run = await fabricgen([
      'check',
      ...three(`checks:
  - name: containers
    reachable: { from: all, to: all }
  - route: { host: c, prefix: 172.18.1.0/24, via: 10.0.0.2 }
`),
    ]);
    expect(run.code).toBe(1);
    expect(run.out.replaceAll(path('inv'), 'inv')).toMatchInlineSnapshot(`
      "ok    every prefix settles
      ok    every session comes up
      ok    every prefix that should be announced is
      ok    traffic for every announced prefix arrives
      ok    nothing else is announced
      ok    nothing depends on which router started first
      ok    every announcer of an anycast prefix gets traffic
      ok    containers (inv/checks.yml:2:11)
      FAIL  route of c to 172.18.1.0/24 (inv/checks.yml:4:5)

      inv/checks.yml:4:5 error c has 172.18.1.0/24 via 10.0.0.1, not via 10.0.0.2 [check-route]
          4 |   - route: { host: c, prefix: 172.18.1.0/24, via: 10.0.0.2 }
            |     ^^^^^
        found:    10.0.0.1
        expected: 10.0.0.2
        fix:      correct the configuration, or the check where the change is meant (fabricgen check --record writes the state of today)
      What the rule means: fabricgen explain-rule check-route

      FAIL  8 of 9 checks passed
      "
    `);
    const quiet = await fabricgen(['check', ...three(), '-q']);
    expect(quiet.out).toMatch(/^FAIL {2}route of c to 172\.18\.1\.0\/24 /);
  });

  it('passes without a file, and says so as JUnit and JSON', async () => {
    const args = ['check', ...three()];
    expect(await fabricgen(args)).toMatchObject({ code: 0, err: '' });
    const junit = await fabricgen([...args, '--format', 'junit']);
    expect(junit.out).toContain('<testcase classname="checks.always-on" name="every session comes up"/>');
    const { checks, hosts } = JSON.parse((await fabricgen([...args, '--format', 'json'])).out);
    expect(hosts).toBeUndefined();
    expect(checks[1]).toMatchObject({ name: 'every session comes up', kind: 'always-on', passed: true });
  });

  it('an announcer that has no address in its prefix is named as the cause of the circle', async () => {
    write(
      'inv/hosts.yml',
      `all:
  hosts:
    edge: { bgp_daemon: external, bgp_asn: 64512, net_interfaces: { e: 10.0.0.1/24 }, bgp_networks: [0.0.0.0/0], bgp_neighbors: [{ host: lb }] }
    lb: { bgp_daemon: frr, bgp_asn: 64513, net_interfaces: { e: 10.0.0.2/24 }, bgp_networks: [203.0.113.10/32], bgp_neighbors: [{ host: edge }] }
`,
    );
    write('inv/checks.yml', 'checks:\n  - spread: { prefix: 203.0.113.99/32, from: edge }\n');
    const { code, out } = await fabricgen(['check', '-i', path('inv'), '-o', path('out'), '-q']);
    expect(code).toBe(1);
    expect(out).toContain('[forwarding-loop]');
    expect(out).toContain('found:    lb announces 203.0.113.10/32 and passes its traffic on');
    expect(out).toContain('fix:      give lb the address 203.0.113.10 (on lo), or');
    expect(out).toContain('fix:      let a host announce it (bgp_networks');
  });

  it('JUnit has a case per check, failed ones with their place', async () => {
    const args = three('checks:\n  - { name: no such route, route: { host: c, prefix: 10.9.0.0/16 } }\n');
    const { out } = await fabricgen(['check', ...args, '--format', 'junit']);
    const start = out.indexOf('  <testcase classname="checks.route"');
    expect(
      out.slice(start, out.indexOf('</testcase>', start)).replaceAll(path('inv'), 'inv'),
    ).toMatchInlineSnapshot(`
        "  <testcase classname="checks.route" name="no such route">
           <failure message="inv/checks.yml:2:28: c has no route to 10.9.0.0/16: nobody announces it; found no route; expected a route; fix: correct the configuration, or the check where the change is meant (fabricgen check --record writes the state of today)">inv/checks.yml:2:28: c has no route to 10.9.0.0/16: nobody announces it; found no route; expected a route; fix: correct the configuration, or the check where the change is meant (fabricgen check --record writes the state of today)</failure>
          "
      `);
  });

  it('mistakes in the file fail, wherever it is named', async () => {
    const run = await fabricgen(['check', ...three(), '--checks', write('my.yml', 'checks: [{ rout: {} }]')]);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/my\.yml:1:12 error a check has no key rout \[unknown-key\]/);
    expect(await fabricgen(['check', ...three(), '--checks', path('none.yml')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('none.yml: it does not exist'),
    });
  });
});

describe('check --record', () => {
  it('writes what holds, once, and what it wrote passes', async () => {
    const args = ['check', ...three()];
    expect(await fabricgen([...args, '--record'])).toMatchObject({ code: 0, out: '' });
    const text = readFileSync(path('inv/checks.yml'), 'utf8');
    expect(text).toMatchInlineSnapshot(`
      "# What held when this was written (fabricgen check --record): every session, every route in the kernels, who reaches whom.
      # Every entry is an ordinary check: give it a name, loosen it, throw it away.
      checks:
        - sessions: { up: all }
        - reachable:
            from: all
            to: all
        - routes:
            host: a
            exact: true
            via:
              172.18.2.0/24: 10.0.0.2
              172.18.3.0/24: 10.0.0.3
        - routes:
            host: b
            exact: true
            via:
              172.18.1.0/24: 10.0.0.1
              172.18.3.0/24: 10.0.0.3
        - routes:
            host: c
            exact: true
            via:
              172.18.1.0/24: 10.0.0.1
              172.18.2.0/24: 10.0.0.2
      "
    `);
    expect((await fabricgen(args)).out).toMatch(/^PASS {2}12 of 12 checks passed\n$/m);
    expect(await fabricgen([...args, '--record'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is already there'),
    });
    expect(await fabricgen([...args, '--record', '--force'])).toMatchObject({ code: 0 });
    expect(readFileSync(path('inv/checks.yml'), 'utf8')).toBe(text);
    expect(await fabricgen([...args, '--record', '-'])).toMatchObject({ code: 0, out: text });
    expect(existsSync(path('inv/checks.yml.fabricgen-new'))).toBe(false);
  });

  it('--limit records the routes of some hosts only', async () => {
    const { out } = await fabricgen(['check', ...three(), '--record', '-', '--limit', 'b']);
    expect(out.match(/host: .*/g)).toEqual(['host: b']);
  });

  const scenarios = fileURLToPath(new URL('../scenarios', import.meta.url));
  const names = readdirSync(scenarios).filter((name) => existsSync(join(scenarios, name, 'topology.yml')));

  // A test each: there are ever more of them, and together they have no time that is long enough.
  it.each(names)('passes on the scenario it was recorded from: %s', async (name) => {
    const configs = ['-c', join(scenarios, name)];
    const file = path('recorded.yml');
    expect(await fabricgen(['check', ...configs, '--record', file])).toMatchObject({ code: 0 });
    const run = await fabricgen(['check', ...configs, '--checks', file, '--format', 'json']);
    const recorded = JSON.parse(run.out).checks.filter(
      (check: { kind: string }) => check.kind !== 'always-on',
    );
    expect(recorded).not.toEqual([]);
    expect(recorded.filter((check: { passed: boolean }) => !check.passed)).toEqual([]);
  });

  it('is tried on many scenarios', () => expect(names.length).toBeGreaterThan(20));
});

describe('simulate with failures', () => {
  it('a table says what each loses, JSON and JUnit hold it', async () => {
    const args = ['simulate', ...three(), '--failures', 'hosts,sessions'];
    const text = await fabricgen([...args, '-q']);
    expect(text).toMatchInlineSnapshot(`
      {
        "code": 1,
        "err": "",
        "out": "Failure      Effect     Lost
      host:a       no effect
      host:b       no effect
      host:c       no effect
      session:a-b  LOST       172.18.1.0/24 from b; 172.18.2.0/24 from a
      session:a-c  LOST       172.18.1.0/24 from c; 172.18.3.0/24 from a
      session:b-c  LOST       172.18.2.0/24 from c; 172.18.3.0/24 from b

      FAIL  3 hosts, 6 of 6 session ends established, 3 prefixes
      ",
      }
    `);
    const { failures } = JSON.parse((await fabricgen([...args, '--format', 'json'])).out);
    expect(failures[3]).toMatchObject({ failure: 'session:a-b', effect: 'lost', hosts: [] });
    const junit = await fabricgen([...args, '--format', 'junit']);
    expect(junit.out).toContain('<testcase classname="failures" name="the fabric survives host:a"/>');
  });

  it('a link that two hosts name and three share is told as what it is', async () => {
    const { out } = await fabricgen(['simulate', ...three(), '-q', '--fail', 'link:a-b']);
    expect(out).toContain('6 session ends are down after link:a-b');
    expect(out).toContain('found:    10.0.0.0/24 is one link of 3 hosts');
  });

  it('a slip in what fails has a nearest name; in what is swept it is a usage error', async () => {
    const run = await fabricgen(['simulate', ...three(), '-q', '--fail', 'hots:a']);
    expect(run.code).toBe(1);
    expect(run.out).toContain('did you mean host:a?');
    expect((await fabricgen(['simulate', ...three(), '--failures', 'cables'])).code).toBe(2);
  });
});
