import { expect, it } from 'vitest';
import * as fabricgen from '../src/index.ts';

/** The way a program would use the package, with nothing but what it exports. */
it('goes from an inventory to checked tables', () => {
  const hosts = ['a', 'b'].map(
    (name, i) =>
      `    ${name}: { net_interfaces: { eth0: 10.0.0.${i + 1}/24 }, docker_bip: 172.18.${i}.1/24 }`,
  );
  const text = `all:\n  vars: { bgp_asn: 65500, bgp_daemon: frr, bgp_neighbors: [{ group: all }], docker_default_address_pools: [{ base: 172.30.0.0/16, size: 24 }] }\n  hosts:\n${hosts.join('\n')}\n`;
  const { fabric, diagnostics } = fabricgen.validateInventory({
    root: '',
    entry: 'hosts.yml',
    files: new Map([['hosts.yml', text]]),
  });
  expect(diagnostics).toEqual([]);
  if (!fabric) return expect.fail('no fabric');
  const { templates } = fabricgen.loadTemplates(null);
  const rendered = [...fabricgen.renderFabric(fabric, templates)];
  const read = fabricgen.readBack(
    rendered.map(({ host, files }) => fabricgen.filesOfHost(host, files, 'build')),
  );
  const { result } = fabricgen.simulateFabric(read, fabricgen.intentsOf(fabric.hosts.values()));
  expect(result.outcome).toBe('pass');
  expect(result.hosts['a']?.fib).toEqual({ '172.18.1.0/24': ['10.0.0.2'] });
});
