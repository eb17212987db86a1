import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/lab/compare/compare.ts';
import { dockerPrograms } from '../../src/lab/containers/dockerd.ts';
import type { Rollout } from '../../src/lab/rollout/rollout.ts';
import { lab, leftovers } from './support/lab-command.ts';
import { describeLab } from './support/requirements.ts';

const programs = ['zebra', 'bgpd', 'staticd', 'vtysh', 'gobgpd', 'gobgp', 'ip', 'ping', 'tcpdump'];
const work = mkdtempSync(join(tmpdir(), 'fabricgen-labtest-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A copy of an inventory or a folder, with a file of it changed. */
function changed(from: string, to: string, file: string, change: (text: string) => string): string {
  const folder = join(work, to);
  cpSync(from, folder, { recursive: true });
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return folder;
}

describeLab('fabricgen lab', { root: true, programs }, () => {
  const name = `t-${process.pid}`;

  it('run: an example on its daemons has the simulated tables', { timeout: 180_000 }, async () => {
    const { code, out, err } = await lab([
      'run',
      '-i',
      'inventory/rr-gobgp',
      '--name',
      name,
      '--containers',
      'namespaces',
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^agrees: 5 hosts, \d+ entries compared, 0 differ$/m);
    expect(leftovers(name)).toEqual([]);
  });

  it('run: a host that is not ours has a stand-in, and checks.yml is asked', {
    timeout: 180_000,
  }, async () => {
    const folder = changed('inventory/rr-gobgp', 'external', 'hosts.yml', (text) =>
      text.replace('rr01: {', 'rr01: { bgp_daemon: external,'),
    );
    const checks = [
      'sessions: { up: all }',
      'reachable: { from: docker_hosts, to: docker_hosts }',
      'route: { host: app01, prefix: 172.19.3.0/24, via: [10.1.0.2] }',
      'order_independent: all',
    ];
    writeFileSync(join(folder, 'checks.yml'), `checks:\n${checks.map((one) => `  - ${one}\n`).join('')}`);
    const words = ['-i', folder, '--name', name, '--containers', 'namespaces', '-f', 'json'];
    const { code, out } = await lab(['run', ...words]);
    const agreement = JSON.parse(out) as Agreement;
    expect([code, agreement.outcome]).toEqual([1, 'agrees']);
    expect(agreement.hosts.map(({ host, daemon }) => `${host} ${daemon}`)).toContain('rr01 speaker');
    expect(agreement.checks?.map(({ kind, findings }) => [kind, findings.map((one) => one.message)])).toEqual(
      [
        ['sessions', []],
        ['reachable', []],
        ['route', ['app01 has 172.19.3.0/24 via 10.1.0.3, not via 10.1.0.2']],
      ],
    );
    expect(agreement.notes.join()).toContain('"order independent" is not asked');
    expect(leftovers(name)).toEqual([]);
  });

  it('up, a second time the name is taken; status, exec, compare, down', { timeout: 180_000 }, async () => {
    const up = ['up', '-c', 'test/scenarios/solo', '--name', name];
    expect((await lab(up)).code).toBe(0);
    const again = await lab(up);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('is there already (up, from')]);
    const status = JSON.parse((await lab(['status', '--name', name, '-f', 'json'])).out);
    expect(status.labs[0]).toMatchObject({ name, phase: 'up', healthy: true });
    const [{ host }] = status.labs[0].hosts;
    const exec = await lab(['exec', '--name', name, host, '--', 'vtysh', '-c', 'show version']);
    expect(exec.code).toBe(0);
    expect((await lab(['exec', '--name', name, 'nobody', 'true'])).err).toContain('has no host nobody');
    const compare = await lab(['compare', '--name', name, '-f', 'json']);
    expect(JSON.parse(compare.out)).toMatchObject({ version: 1, outcome: 'agrees' });
    expect((await lab(['down', '--name', name])).code).toBe(0);
    expect(leftovers(name)).toEqual([]);
  });

  it('a file that the daemon refuses: its own words, and a clean machine', { timeout: 60_000 }, async () => {
    const line = (text: string) => text.replace(/^router bgp.*$/m, '$&\n bgp frobnicate 12');
    const folder = changed('test/scenarios/solo', 'refused', 'configs/a/frr.conf', line);
    const { code, err } = await lab(['run', '-c', folder, '--name', name]);
    expect(code).toBe(2);
    expect(err).toContain('Unknown command[25]:  bgp frobnicate 12');
    expect(leftovers(name)).toEqual([]);
  });

  it('rollout: a host more, no packet lost, no session reset', { timeout: 240_000 }, async () => {
    const more = (text: string) =>
      text.replace(
        /^( *)web06: .*$/m,
        '$&\n$1web07: { net_interfaces: { eth1: 10.0.0.7/24 }, docker_bip: 172.18.7.1/24 }',
      );
    const next = changed('inventory/batch-overlay', 'more', 'hosts.yml', more);
    const { code, out } = await lab([
      'rollout',
      'inventory/batch-overlay',
      next,
      '--name',
      name,
      '-f',
      'json',
    ]);
    const rollout = JSON.parse(out) as Rollout;
    expect(rollout).toMatchObject({ packetsLost: 0, sessionsReset: 0, agreement: { outcome: 'agrees' } });
    expect(rollout.packetsSent).toBeGreaterThan(500);
    expect(rollout.hosts.map(({ action }) => action)).toEqual([...Array(6).fill('reloaded'), 'started']);
    expect(code).toBe(0);
    expect(leftovers(name)).toEqual([]);
  });

  it('rollout: a session that needs a reset is counted', { timeout: 240_000 }, async () => {
    const folder = 'test/scenarios/solo';
    const next = changed(folder, 'reset-new', 'configs/a/frr.conf', (text) =>
      text.replace(/^ neighbor (\S+) remote-as (.*)$/m, ' neighbor $1 remote-as $2\n neighbor $1 passive'),
    );
    const { out } = await lab(['rollout', folder, next, '--name', name, '-f', 'json']);
    expect((JSON.parse(out) as Rollout).sessionsReset).toBeGreaterThan(0);
    expect(leftovers(name)).toEqual([]);
  });
});

describeLab('fabricgen lab with Docker', { root: true, programs: [...programs, ...dockerPrograms] }, () => {
  const hosts = ['-l', 'web04,web05,web06', '--containers', 'docker'];
  const pinged = async (inventory: string, name: string) => {
    try {
      const up = await lab(['up', '-i', inventory, '--name', name, ...hosts]);
      // The inventory rules warn of masquerading; that is not what is asked here.
      expect(up.code).toBe(0);
      const { out, err } = await lab(['ping', '--name', name, 'web04', 'web06', '-f', 'json']);
      expect(err).toBe('');
      return JSON.parse(out);
    } finally {
      await lab(['down', '--name', name]);
      expect(leftovers(name)).toEqual([]);
    }
  };

  describe('a container pings a container on another host', () => {
    it('and its own address arrives', { timeout: 180_000 }, async () => {
      const told = { kind: 'docker', received: 3, ttl: 62, source: '172.18.4.2' };
      expect(await pinged('inventory/batch-overlay', `dk-${process.pid}`)).toMatchObject(told);
    });

    it('with ip-masq the address of its host arrives', { timeout: 180_000 }, async () => {
      const masked = (text: string) => `${text}\ndocker_ip_masq: true\n`;
      const inventory = changed('inventory/batch-overlay', 'masked', 'group_vars/docker_hosts.yml', masked);
      const told = { kind: 'docker', received: 3, source: '10.0.0.4' };
      expect(await pinged(inventory, `dm-${process.pid}`)).toMatchObject(told);
    });
  });
});
