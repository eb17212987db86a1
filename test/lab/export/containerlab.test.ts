import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { containerlabTopology } from '../../../src/lab/export/containerlab.ts';
import { readPlan } from '../../../src/lab/plan/plan.ts';
import { scenarios } from '../support/scenarios.ts';

interface Topology {
  readonly name: string;
  readonly topology: {
    readonly nodes: Record<string, { readonly kind: string; readonly binds?: readonly string[] }>;
    readonly links: readonly { readonly endpoints: readonly [string, string] }[];
  };
}

it.each(['gobgp-mixed-triangle', 'route-reflector', 'kube-nodes'])(
  '%s: every host and every cable',
  (name) => {
    const plan = readPlan(join(scenarios, name));
    const { topology } = parse(containerlabTopology('x', plan, 'configs')) as Topology;
    const linked = new Map<string, number>();
    for (const { interfaces } of plan.hosts)
      for (const { link } of interfaces) if (link !== null) linked.set(link, (linked.get(link) ?? 0) + 1);
    const counts = [...linked.values()];
    const bridges = Object.entries(topology.nodes).filter(([, { kind }]) => kind === 'bridge');
    expect(bridges).toHaveLength(counts.filter((count) => count > 2).length);
    // A cable for two, a port of a bridge for each of more.
    const expected = counts.map((count) => (count === 2 ? 1 : count > 2 ? count : 0));
    expect(topology.links).toHaveLength(expected.reduce((sum, count) => sum + count, 0));
    const ends = topology.links.flatMap(({ endpoints }) => endpoints);
    expect(new Set(ends).size).toBe(ends.length);
    for (const { name: host, daemon, files } of plan.hosts)
      if (daemon !== 'none')
        for (const file of files.keys())
          expect(
            topology.nodes[host]?.binds?.some((bind) => bind.startsWith(`configs/${host}/${file}:`)),
          ).toBe(true);
  },
);
