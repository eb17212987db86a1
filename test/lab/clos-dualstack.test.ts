import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootExample, containerOf, type Example } from './support/example.ts';
import { describeLab } from './support/requirements.ts';

const TORS = ['tor1', 'tor2', 'tor3', 'tor4'];
const SERVERS = Array.from({ length: 8 }, (_, index) => `srv${index + 1}`);

/**
 * Fourteen FRR, IPv4 and IPv6, all from nothing but their rendered files. One spine and one ToR of each pair come up first, then
 * the other spine, then the other ToRs: so a spine knows one of its equal paths before the other, and it is known which of them
 * FRR passes on by age.
 */
describeLab(
  'clos-dualstack on FRR',
  { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'ip', 'ping'] },
  () => {
    let example: Example;
    beforeAll(async () => {
      example = await bootExample('clos-dualstack', 'fgc', { later: [['spine2'], ['tor2', 'tor4']] });
    });
    afterAll(() => example?.lab.close());

    it.each(['spine1', 'spine2', ...TORS, ...SERVERS])(
      '%s: sessions, BGP tables and kernel routes of both families are the simulated ones',
      (name) => {
        expect(example.observed[name]).toEqual(example.simulated[name]);
      },
    );

    it.each([
      ['172.20.5.0/24', ['10.253.1.0', '10.253.2.0']],
      ['2001:db8:20:5::/64', ['2001:db8:253:1::', '2001:db8:253:2::']],
    ])('the kernel of a server has both ways to %s', (prefix, hops) => {
      expect(example.observed['srv1']?.kernel[prefix]).toEqual(hops);
    });

    it('the kernel itself names link-local gateways; the tables, the address of the same interface', () => {
      const routes = example.lab.namespaces.exec('srv1', 'ip', ['-6', 'route', 'show', '2001:db8:20:5::/64']);
      const gateways = [...routes.matchAll(/via (\S+) dev (\S+)/g)].map(([, via = '', dev]) => [
        via.slice(0, 6),
        dev,
      ]);
      expect(gateways.sort()).toEqual([
        ['fe80::', 'eth0'],
        ['fe80::', 'eth1'],
      ]);
    });

    it.each([
      ['-4', '172.20.5.2'],
      ['-6', '2001:db8:20:5::2'],
    ])('a container reaches a container in the other pair of racks (ping %s)', (family, target) => {
      const args = [family, '-c', '3', '-i', '0.2', '-W', '2', target];
      const ping = example.lab.namespaces.tryExec(containerOf('srv1'), 'ping', args);
      expect(ping.stdout).toContain('3 received');
      // srv1, a ToR, a spine, a ToR, srv5 lie between: 64 - 5.
      expect(ping.stdout).toContain('ttl=59');
    });

    it('without the link between spine1 and tor1 sessions and kernel routes are still the simulated ones', {
      timeout: 60_000,
    }, async () => {
      const { observed, simulated } = await example.unplug(['spine1', 'swp1'], ['tor1', 'swp1']);
      expect(observed).toEqual(simulated);
      expect(observed['tor1']?.kernel).toMatchObject({
        '172.20.5.0/24': ['10.254.2.0'],
        '2001:db8:20:5::/64': ['2001:db8:254:2::'],
      });
    });
  },
);
