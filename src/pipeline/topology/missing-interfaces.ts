import type { Diagnostic } from '../../base/diagnostic.ts';
import type { NetworkNode } from '../../simulator/kernel/network.ts';

/** Interfaces that files give addresses to and that the host does not have: the daemon waits for them, and no route leads there. */
export function missingInterfaces(nodes: readonly NetworkNode[]): readonly Diagnostic[] {
  return nodes.flatMap(({ name: host, router, interfaces }) => {
    const present = new Set(['lo', ...interfaces.map(({ name }) => name)]);
    return (router?.interfaces ?? [])
      .filter(({ name, addresses }) => addresses.length > 0 && !present.has(name))
      .map(
        ({ name, source }): Diagnostic => ({
          rule: 'unknown-interface',
          severity: 'warning',
          message: `${host} has no interface ${name}: its addresses do not count`,
          ranges: source ? [source] : [],
          host,
          found: name,
          expected: `one of ${[...present].join(', ')}`,
          fix: `add ${name} to the interfaces of ${host} in topology.yml`,
        }),
      );
  });
}
