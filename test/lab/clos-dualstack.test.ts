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
  },
);
