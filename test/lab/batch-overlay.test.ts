import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readInventoryFiles } from '../../src/inventory/files.ts';
import { validateInventory } from '../../src/inventory/validate.ts';
import type { Host } from '../../src/model/fabric.ts';
import { readBack } from '../../src/pipeline/read-back.ts';
import { simulateFabric } from '../../src/pipeline/simulate.ts';
import { filesOfHost } from '../../src/pipeline/sources.ts';
import type { HostResult } from '../../src/simulator/result.ts';
import { renderHost } from '../../src/targets/render.ts';
import { loadTemplates } from '../../src/targets/template-files.ts';
import { Frr } from './support/frr.ts';
import { kernelRoutes, observedPaths } from './support/frr-tables.ts';
import { Namespaces } from './support/netns.ts';
import { describeLab } from './support/requirements.ts';
import { until } from './support/shell.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'inventory', 'batch-overlay');
const HOSTS = ['web04', 'web05', 'web06'];

/**
 * Three hosts of the example, started from nothing but their rendered files: what FRR computes and what the kernel holds must
 * be what the simulator said, and a container must reach a container behind another host.
 */
describeLab(
  'batch-overlay on FRR',
  { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'ip', 'ping'] },
  () => {
    let namespaces: Namespaces;
    const daemons = new Map<string, Frr>();
    let hosts: readonly Host[] = [];
    let simulated: Readonly<Record<string, HostResult>> = {};

    beforeAll(async () => {
      const { source } = await readInventoryFiles(folder);
      const { fabric } = validateInventory(source);
      if (!fabric) throw new Error('the example is not valid');
      const { templates } = loadTemplates(folder);
      hosts = HOSTS.map((name) => fabric.hosts.get(name) ?? expect.fail(name));
      const rendered = hosts.map((host) => ({ host, files: renderHost(host, fabric, templates).files }));
      const read = readBack(rendered.map(({ host, files }) => filesOfHost(host, files, 'build')));
      simulated = simulateFabric(read, []).result.hosts;

      namespaces = new Namespaces('fgb');
      namespaces.segment('lan');
      for (const [index, { host, files }] of rendered.entries()) {
        namespaces.add(host.name);
        namespaces.sysctl(host.name, 'net.ipv4.ip_forward', '1');
        // Addresses come from zebra.conf or frr.conf, as they would on a host.
        namespaces.plug(host.name, 'eth1', 'lan', `p${index}`, []);
        const bip = host.docker?.bip ?? expect.fail(`${host.name} has no bip`);
        const inside = bip.text.replace(/\.1\/24$/, '.2/24');
        namespaces.container(host.name, 'docker0', bip.text, `c${index}`, inside);
        const texts = new Map(
          files.filter(({ target }) => target === 'frr').map(({ path, text }) => [path, text]),
        );
        daemons.set(host.name, await Frr.start(namespaces, host.name, texts));
      }
      await converged();
    });

    afterAll(() => {
      namespaces?.close();
      for (const frr of daemons.values()) frr.close();
    });

    /** Every session among the three is up and every host has every prefix the simulator gives it. */
    async function converged(): Promise<void> {
      for (const [name, frr] of daemons) {
        const wanted = Object.keys(simulated[name]?.bgp ?? {}).length;
        await until(
          `${name} has its ${wanted} prefixes`,
          60,
          () =>
            Object.keys(observedPaths(frr)).length >= wanted && sessionsUp(frr) === HOSTS.length - 1
              ? true
              : null,
          () => `${frr.vtysh('show bgp summary')}\n${frr.vtysh('show bgp ipv4 unicast')}\n${frr.log()}`,
        );
      }
    }

    function sessionsUp(frr: Frr): number {
      const { ipv4Unicast } = frr.json<{ ipv4Unicast?: { peers: Record<string, { state: string }> } }>(
        'show bgp summary',
      );
      return Object.values(ipv4Unicast?.peers ?? {}).filter(({ state }) => state === 'Established').length;
    }

    it.each(HOSTS)('%s: the BGP table is the simulated one', (name) => {
      const observed = observedPaths(daemons.get(name) ?? expect.fail(name));
      const expected = Object.fromEntries(
        Object.entries(simulated[name]?.bgp ?? {}).map(([prefix, paths]) => [
          prefix,
          paths
            .map(({ best, multipath, valid, nextHop, asPath, localPref, med, origin, from }) => {
              return { best, multipath, valid, nextHop, asPath, localPref, med, origin, from };
            })
            .sort((a, b) => (a.from < b.from ? -1 : 1)),
        ]),
      );
      expect(observed).toEqual(expected);
    });

    it.each(HOSTS)('%s: the kernel holds the simulated routes', async (name) => {
      const expected = simulated[name]?.fib ?? {};
      await until(
        `${name} has its kernel routes`,
        20,
        () => (JSON.stringify(kernelRoutes(namespaces, name)) === JSON.stringify(expected) ? true : null),
        () => `expected ${JSON.stringify(expected)}\n${JSON.stringify(kernelRoutes(namespaces, name))}`,
      );
      expect(kernelRoutes(namespaces, name)).toEqual(expected);
    });

    it('a container reaches a container behind another host, with its own address', () => {
      const [from, to] = [hosts[0]?.docker?.bip, hosts[2]?.docker?.bip];
      const target = to?.address.text.replace(/\.1$/, '.2') ?? '';
      const ping = namespaces.tryExec('c0', 'ping', ['-c', '3', '-i', '0.2', '-W', '2', target]);
      expect(ping.stdout).toContain('3 received');
      // Two routers lie between: 64 - 2.
      expect(ping.stdout).toContain('ttl=62');
      expect(from?.network.text).not.toBe(to?.network.text);
    });
  },
);
