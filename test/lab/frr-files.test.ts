import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Frr } from '../../src/lab/daemons/frr.ts';
import { Namespaces } from '../../src/lab/netns.ts';
import { tryRun } from '../../src/lab/shell.ts';
import type { Host } from '../../src/model/fabric.ts';
import { frrTarget } from '../../src/targets/frr/index.ts';
import { exampleFabric } from '../targets/frr/examples.ts';
import { daemons, fullHost, meshHost, rendered } from '../targets/frr/fixture.ts';
import { describeLab } from './support/requirements.ts';

/** FRR shows the machine's own name, and a reload compares it. */
function named(host: Host): Host {
  return { ...host, name: hostname(), vars: new Map() };
}

const integrated = { full: named(fullHost(daemons.frr)), mesh: named(meshHost(1, daemons.frr)) };
const separate = { full: named(fullHost(daemons.separate)), mesh: named(meshHost(1, daemons.separate)) };

describeLab('vtysh -C on rendered files', { programs: ['vtysh'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-vtysh-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function judge(text: string): ReturnType<typeof tryRun> {
    const file = join(folder, 'judged.conf');
    writeFileSync(file, text);
    // Its own settings: those of the machine are for root and frr alone, and vtysh complains to everybody else.
    writeFileSync(join(folder, 'vtysh.conf'), '');
    return tryRun('vtysh', ['--config_dir', folder, '-C', '-f', file]);
  }

  const files = [...Object.values(integrated), ...Object.values(separate)].flatMap((host) =>
    [...rendered(frrTarget, host)].filter(([path]) => /^(?:frr|bgpd|zebra|staticd)\.conf$/.test(path)),
  );

  it.each(files)('accepts %s', (_path, text) => {
    expect(judge(text)).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses a broken one, so the judge can say no', () => {
    const broken = (files[0]?.[1] ?? '').replace('router bgp', 'router bqp');
    const verdict = judge(broken);
    expect(verdict.code).toBe(2);
    expect(verdict.stdout + verdict.stderr).toContain('Unknown command');
  });
});

const needs = { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'frr-reload.py', 'ip'] };

describeLab('frr-reload on an unchanged model', needs, () => {
  const namespaces = new Namespaces('fgre');
  const running: Frr[] = [];

  beforeAll(() => {
    namespaces.segment('lan');
  });
  afterAll(() => {
    namespaces.close();
    for (const frr of running) frr.close();
  });

  async function started(name: string, host: Host): Promise<Frr> {
    namespaces.add(name);
    const own = host.interfaces.find((one) => one.name === 'eth1')?.addresses ?? [];
    namespaces.plug(
      name,
      'eth1',
      'lan',
      name,
      own.map((address) => address.text),
    );
    namespaces.sysctl(name, 'net.ipv4.ip_forward', '1');
    namespaces.sysctl(name, 'net.ipv6.conf.all.forwarding', '1');
    const frr = await Frr.start(namespaces, name, rendered(frrTarget, host));
    running.push(frr);
    return frr;
  }

  /** The lines a reload would send; the log lines of the tool itself are no lines. */
  function pending(frr: Frr, file: string, daemon: readonly string[] = []): string[] {
    const { folder } = frr;
    const place = ['--confdir', folder, '--rundir', folder, '--vty_socket', folder];
    const args = ['--test', '--stdout', '--bindir', '/usr/bin', ...place, ...daemon, frr.path(file)];
    const ran = tryRun('/usr/lib/frr/frr-reload.py', args);
    expect(ran.code, ran.stderr).toBe(0);
    return ran.stdout.split('\n').filter((line) => line.trim() !== '' && !/^\d{4}-.* INFO: /.test(line));
  }

  it.each(Object.entries(integrated))('sends nothing: integrated %s', async (name, host) => {
    const frr = await started(`i${name}`, host);
    expect(pending(frr, 'frr.conf')).toEqual([]);
  });

  it.each(Object.entries(separate))('sends nothing: separate %s', async (name, host) => {
    const frr = await started(`s${name}`, host);
    for (const daemon of ['zebra', 'staticd', 'bgpd'])
      expect(pending(frr, `${daemon}.conf`, ['--daemon', daemon]), daemon).toEqual([]);
  });

  it.each([
    ['clos-dualstack', 'tor1'],
    ['clos-dualstack', 'spine1'],
    ['batch-overlay', 'web06'],
  ])('sends nothing: %s, %s', async (example, name) => {
    const host = (await exampleFabric(example)).hosts.get(name);
    if (!host) throw new Error(`${name} is gone from the example`);
    const frr = await started(name, named(host));
    expect(pending(frr, 'frr.conf')).toEqual([]);
  });

  it('sees a changed line, so the comparison can say no', async () => {
    const frr = await started('change', integrated.mesh);
    const text = rendered(frrTarget, integrated.mesh).get('frr.conf') ?? '';
    frr.write('frr.conf', text.replace('local-preference 222', 'local-preference 223'));
    expect(pending(frr, 'frr.conf').join('\n')).toContain('set local-preference 223');
  });
});
