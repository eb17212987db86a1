import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootExample, containerOf, type Example } from './support/example.ts';
import { describeLab } from './support/requirements.ts';

const HOSTS = ['web04', 'web05', 'web06'];

/**
 * The three FRR hosts of the example, started from nothing but their rendered files: what FRR computes and what the kernel holds
 * must be what the simulator said, and a container must reach a container behind another host.
 */
describeLab(
  'batch-overlay on FRR',
  { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'ip', 'ping'] },
  () => {
    let example: Example;
    beforeAll(async () => {
      example = await bootExample('batch-overlay', 'fgb', { hosts: HOSTS });
    });
    afterAll(() => example?.lab.close());

    it.each(HOSTS)('%s: sessions, BGP table and kernel routes are the simulated ones', (name) => {
      expect(example.observed[name]).toEqual(example.simulated[name]);
    });

    it('a container reaches a container behind another host, with its own address', () => {
      const args = ['-c', '3', '-i', '0.2', '-W', '2', '172.18.6.2'];
      const ping = example.lab.namespaces.tryExec(containerOf('web04'), 'ping', args);
      expect(ping.stdout).toContain('3 received');
      // Two routers lie between: 64 - 2.
      expect(ping.stdout).toContain('ttl=62');
    });
  },
);
