import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootExample, containerOf, type Example } from './support/example.ts';
import { describeLab } from './support/requirements.ts';

const CLIENTS = ['app01', 'app02', 'app03', 'app04'];

/** The example's reflector is a real gobgpd, its clients are real FRR; all start from nothing but their rendered files. */
describeLab(
  'rr-gobgp on FRR and GoBGP',
  { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'gobgpd', 'gobgp', 'ip', 'ping'] },
  () => {
    let example: Example;
    beforeAll(async () => {
      example = await bootExample('rr-gobgp', 'fgr');
    });
    afterAll(() => example?.lab.close());

    it.each([...CLIENTS, 'rr01'])(
      '%s: sessions, BGP table and kernel routes are the simulated ones',
      (name) => {
        expect(example.observed[name]).toEqual(example.simulated[name]);
      },
    );

    it("a client gets the others' routes with the marks of reflection", () => {
      const [path] = example.observed['app01']?.bgp['172.19.3.0/24'] ?? [];
      expect(path).toMatchObject({
        best: true,
        nextHop: '10.1.0.3',
        originatorId: '10.1.0.3',
        clusterList: ['10.1.0.250'],
      });
    });

    it('the reflector installs nothing', () => expect(example.observed['rr01']?.kernel).toEqual({}));

    it('a container reaches a container behind another client, not by way of the reflector', () => {
      const args = ['-c', '3', '-i', '0.2', '-W', '2', '172.19.4.2'];
      const ping = example.lab.namespaces.tryExec(containerOf('app01'), 'ping', args);
      expect(ping.stdout).toContain('3 received');
      // Two routers lie between: 64 - 2.
      expect(ping.stdout).toContain('ttl=62');
    });
  },
);
