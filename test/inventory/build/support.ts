import type { Diagnostic } from '../../../src/base/diagnostic.ts';
import { formatSource } from '../../../src/base/source.ts';
import { type BuiltFabric, buildFabric } from '../../../src/inventory/build/build-fabric.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import type { Inventory } from '../../../src/inventory/types.ts';
import type { Host, Neighbor } from '../../../src/model/fabric.ts';

/** An inventory of one file, `hosts.yml`. */
export function inventoryOf(text: string): Inventory {
  return loadInventory({ root: '', entry: 'hosts.yml', files: new Map([['hosts.yml', text]]) });
}

export function build(text: string): BuiltFabric {
  return buildFabric(inventoryOf(text));
}

export function hostOf({ fabric }: BuiltFabric, name: string): Host {
  const host = fabric.hosts.get(name);
  if (!host) throw new Error(`no host ${name}`);
  return host;
}

export function neighbors(built: BuiltFabric, name: string): readonly Neighbor[] {
  return hostOf(built, name).bgp?.neighbors ?? [];
}

/** `rule hosts.yml:4:14 message`, the lines a table test compares. */
export function lines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => {
    const [range] = d.ranges;
    return `${d.rule} ${range ? formatSource(range) : '-'} ${d.message}`;
  });
}
