import { describe, expect, it } from 'vitest';
import { fabricgen } from './run.ts';
import { useWorkplace } from './workplace.ts';

const { write } = useWorkplace();
const triangle = ['--configs', 'test/scenarios/ebgp-triangle'];

const FILTERED = `all:
  vars:
    bgp_asn: 65500
    bgp_daemon: frr
    bgp_neighbors: [{ group: all, route_map_in: some }]
    bgp_route_maps:
      some:
        - { action: deny, match: { prefix_list: theirs } }
        - { action: permit }
    bgp_prefix_lists: { theirs: [permit 172.18.2.0/24] }
  hosts:
    a: { net_interfaces: { eth0: 10.0.0.1/24 }, docker_bip: 172.18.1.1/24 }
    b: { net_interfaces: { eth0: 10.0.0.2/24 }, docker_bip: 172.18.2.1/24 }
`;

describe('explain', () => {
  it('a route that is there: exit 0', async () => {
    const run = await fabricgen(['explain', 'r2', '10.1.0.0/24', ...triangle]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out.split('\n')[0]).toBe(
      'r2 has 10.1.0.0/24 from r3 (10.0.23.2), best of 2 paths, decided at as-path-length',
    );
    expect(run.out).toContain('lost to r3 (10.0.23.2) at as-path-length: 3 against 2');
  });

  it('one that is not: exit 1, as JSON with the same answer', async () => {
    const text = await fabricgen(['explain', 'r2', '10.77.0.0/24', ...triangle]);
    expect(text).toMatchObject({ code: 1, err: '' });
    const json = await fabricgen(['explain', 'r2', '10.77.0.0/24', ...triangle, '--format', 'json']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      version: 1,
      host: 'r2',
      present: false,
      answer: text.out.split('\n')[0],
    });
  });

  it('names the line of the rendered file and that of the inventory', async () => {
    const inventory = write('filtered/hosts.yml', FILTERED);
    const run = await fabricgen(['explain', 'a', '172.18.2.9', '-i', inventory, '-q', '--format', 'json']);
    expect(run.code).toBe(1);
    const { answer, cause } = JSON.parse(run.out) as {
      answer: string;
      cause: { source: { file: string }; inventory: { file: string; line: number } };
    };
    expect(answer).toBe(
      'a has no route to 172.18.2.0/24: refused at a by route-map some seq 10 (prefix-list theirs), coming from b',
    );
    expect(cause.source.file).toBe('build/a/frr.conf');
    expect(cause.inventory).toMatchObject({ file: expect.stringContaining('hosts.yml'), line: 8 });
  });

  it('after a failure', async () => {
    const run = await fabricgen(['explain', 'r2', '10.1.0.0/24', ...triangle, '--fail', 'link:l23']);
    expect(run.code).toBe(0);
    expect(run.out.split('\n')[0]).toBe('r2 has 10.1.0.0/24 from r1 (10.0.12.1), the only path');
  });

  it.each([
    ['an unknown host', ['r9', '10.1.0.0/24'], 'there is no host r9'],
    ['no prefix', ['r1', '10.1.0.0/33'], '"10.1.0.0/33" is neither a prefix nor an address'],
    ['a moment that is not recorded', ['r1', '10.1.0.0/24', '--phase', 'x'], 'no moment is recorded as "x"'],
    ['something to fail that is not there', ['r1', '10.1.0.0/24', '--fail', 'link:l99'], 'l99'],
  ])('%s: exit 2', async (_what, args, message) => {
    const run = await fabricgen(['explain', ...args, ...triangle]);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(message);
    expect(run.err).toContain('fix:');
  });

  it('a folder that is not there: exit 2', async () => {
    expect(await fabricgen(['explain', 'r1', '10.1.0.0/24', '-c', 'nowhere'])).toMatchObject({
      code: 2,
      out: '',
    });
  });
});

describe('trace', () => {
  it('from containers to containers and back: exit 0', async () => {
    const run = await fabricgen(['trace', '172.18.1.7', '172.18.5.2', '-i', 'inventory/batch-overlay', '-q']);
    expect(run.code).toBe(0);
    expect(run.out).toContain('web05  delivered: local network on docker0');
  });

  it('between hosts of both IP versions', async () => {
    const four = await fabricgen(['trace', 'tor1', 'srv5', '-i', 'inventory/clos-dualstack', '-q']);
    const six = await fabricgen(['trace', 'tor1', 'srv5', '-6', '-i', 'inventory/clos-dualstack', '-q']);
    expect(four.out).toContain('There: from tor1, source 10.');
    expect(six.out).toContain('There: from tor1, source 2001:db8:');
  });

  it('into a black hole: exit 1, as JSON too', async () => {
    const run = await fabricgen(['trace', 'r1', '10.2.0.1', ...triangle, '--format', 'json']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.out)).toMatchObject({ version: 1, ok: false, there: [{ ok: false }], back: [] });
  });

  it.each([
    [['nobody', 'r1'], 'there is no host nobody'],
    [['r1', 'nobody'], 'there is no host nobody'],
    [['192.0.2.1', 'r1'], 'nobody has the address 192.0.2.1'],
    [['10.0.12.1', '2001:db8::1'], 'different IP versions'],
    [['r1', 'r2', '-6'], 'has no IPv6 address'],
  ])('%j: exit 2', async (args, message) => {
    const run = await fabricgen(['trace', ...args, ...triangle]);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(message);
  });
});

describe('a topology that cannot be read', () => {
  it.each([[['explain', 'r1', '10.0.0.0/8']], [['trace', 'r1', 'r2']]])(
    '%s: as JSON what simulate says',
    async (words) => {
      write('topology.yml', 'hosts: 3\n');
      const folder = ['--configs', '.', '--format', 'json'];
      const asked = await fabricgen([...words, ...folder]);
      const simulated = await fabricgen(['simulate', ...folder]);
      expect(asked).toMatchObject({ code: simulated.code, out: simulated.out });
      expect(JSON.parse(asked.out)).toMatchObject({ version: 1, outcome: 'fail' });
    },
  );
});
