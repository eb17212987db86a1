import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { familyNames } from '../../src/base/family.ts';
import { readTopologyFolder } from '../../src/pipeline/topology/files.ts';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { formatExplanation } from '../../src/report/explain-text.ts';
import { explainRoute } from '../../src/simulator/explain/route.ts';
import { hostPaths } from '../../src/simulator/result/hosts.ts';

const folder = fileURLToPath(new URL('../scenarios/', import.meta.url));
const scenarios = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'support')
  .map(({ name }) => name);

describe('every prefix on every host of the scenarios', () => {
  it.each(scenarios)(
    '%s: the explanation agrees with the table, and a missing route has a reason',
    (name) => {
      const { topology, configs } = readTopologyFolder(`${folder}${name}`);
      if (!topology) throw new Error(`${name} has no topology.yml`);
      const { state } = simulateConfigs(topology, configs, {}, () => []);
      if (!state) throw new Error(`${name} cannot be simulated`);
      for (const family of familyNames) {
        for (const { prefix, origins, fib } of state.families[family].prefixes) {
          for (const [node, { name: host }] of state.network.nodes.entries()) {
            const told = explainRoute(state, host, prefix);
            const best = state.routers[node]
              ? hostPaths(state, host, family, prefix.text).find((path) => path.best)
              : undefined;
            // BIRD's kernel may get another table than the one that is shown.
            const beside = state.routers[node]?.config.table?.beside !== undefined && fib.at(node) !== 0;
            const kernel = beside || (state.tables[node]?.routes.has(prefix.text) ?? false);
            const where = `${host} ${prefix.text}: ${told?.answer}`;
            expect(told?.present, where).toBe(best !== undefined || kernel);
            if (best) expect(told?.paths[0], where).toMatchObject(best);
            if (told?.present === false) {
              expect(told.answer, where).toMatch(/^\S+ has no route to \S+: ./);
              if (origins.size > 0) expect(told.answer, where).not.toContain('nobody announces it');
              for (const { stop } of told.ways) expect(stop.reason, where).not.toBe('');
              for (const { stop } of told.ways) expect(stop.kind, where).not.toBe('unsettled');
            }
            expect(told && formatExplanation(told), where).toContain(told?.answer);
          }
        }
      }
    },
  );
});
