import { setKey } from '../base/parsed.ts';
import { formatSource, type Positioned } from '../base/source.ts';
import type { Inventory } from './types.ts';

export interface ViewedValue {
  readonly value: unknown;
  /** `hosts.yml:4:14`, relative to the inventory folder. */
  readonly source: string;
}

export interface ViewedHost {
  readonly groups: readonly string[];
  /** Sorted by name. `replaced` holds what lost, the last loser first; it is empty where nothing was replaced. */
  readonly vars: Readonly<Record<string, ViewedValue & { readonly replaced: readonly ViewedValue[] }>>;
}

/** The data of `fabricgen inventory [HOST] --format json`: hosts by name; unknown names are left out. */
export type InventoryView = Readonly<Record<string, ViewedHost>>;

export function inventoryView(
  inventory: Inventory,
  hosts: Iterable<string> = inventory.hosts.keys(),
): InventoryView {
  const view: Record<string, ViewedHost> = {};
  for (const name of hosts) {
    const host = inventory.hosts.get(name);
    if (!host) continue;
    const vars: Record<string, unknown> = {};
    for (const key of [...host.vars.keys()].sort()) {
      const merged = host.vars.get(key);
      if (!merged) continue;
      const replaced = merged.replaced.map((node) => viewed(inventory.root, node));
      setKey(vars, key, { ...viewed(inventory.root, merged.node), replaced });
    }
    setKey(view, name, { groups: host.groups, vars });
  }
  return view;
}

function viewed(root: string, node: Positioned): ViewedValue {
  const prefix = root === '' ? '' : `${root.replace(/\/+$/, '')}/`;
  const { file, line, column } = node.source;
  const inside = prefix !== '' && file.startsWith(prefix) ? file.slice(prefix.length) : file;
  return { value: node.value, source: formatSource({ file: inside, line, column }) };
}

/**
 * The same for people: a host with its groups, then one line per variable with name, value and place in columns,
 * and below it, marked `replaces`, what it replaced. Long values are cut; JSON shows them whole.
 */
export function inventoryText(view: InventoryView): string {
  const blocks = Object.entries(view).map(([name, host]) => {
    const rows = Object.entries(host.vars).flatMap(([key, value]) => [
      [key, printed(value.value), value.source],
      ...value.replaced.map((old) => ['  replaces', printed(old.value), old.source]),
    ]);
    const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
    const lines = rows.map((row) =>
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    );
    return [`${name} (${host.groups.join(', ')})`, ...lines].join('\n');
  });
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

function printed(value: unknown): string {
  const text = typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
  return text.length > 72 ? `${text.slice(0, 69)}...` : text;
}
