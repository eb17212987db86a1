import type { PeerConfig } from '../../../bgp/peer-config.ts';
import { type Table, tableAt, tablesAt, textAt } from './decode.ts';
import type { View } from './peer-view.ts';

/** What SIGHUP compares of a neighbor's statement (internal/pkg/config: `Neighbor.Equal`, `NeedsResendOpenMessage`). */
export function reloadOf({ own, group }: View): Pick<PeerConfig, 'reload' | 'resetBy'> {
  if (!own) return {};
  const shared = group && {
    name: textAt(tableAt(group, 'config'), 'peer-group-name'),
    statement: said(group),
    open: openOf(group),
  };
  return {
    reload: { statement: said(own) + said(group), group: shared },
    resetBy: [openOf(own), shared?.open].join('; '),
  };
}

/**
 * What has SIGHUP judge again what was received: policies, and what neighbors say of theirs and of AS_PATHs (UpdateConfig, updateNeighbor). A neighbor
 * that says nothing of these may come and go.
 */
export function policyText(file: Table): string {
  const applied = (table: Table) => {
    const parts = [said(tableAt(table, 'apply-policy')), said(tableAt(table, 'as-path-options'))];
    const { entries } = tableAt(table, 'config') ?? table;
    const name = ['neighbor-address', 'neighbor-interface', 'peer-group-name'].map(
      (key) => entries.get(key)?.value,
    );
    return parts.join('') === '' ? [] : [[...name, ...parts]];
  };
  const lists = ['defined-sets', 'policy-definitions'].map((key) => plain(file.entries.get(key)?.value));
  const holders = [tableAt(file, 'global'), ...tablesAt(file, 'peer-groups'), ...tablesAt(file, 'neighbors')];
  return JSON.stringify([lists, holders.flatMap((table) => (table ? applied(table) : []))]);
}

/** What another OPEN is needed for: the neighbor is deleted and added again. */
function openOf(table: Table | null): string {
  if (!table) return '';
  const parts = ['config', 'transport', 'add-paths', 'as-path-options', 'graceful-restart'];
  const families = tablesAt(table, 'afi-safis').map((family) =>
    ['config', 'add-paths', 'mp-graceful-restart'].map((part) => said(tableAt(family, part))).join(),
  );
  return [...parts.map((part) => said(tableAt(table, part))), ...families.sort()].join('|');
}

/** A table without its places in the file. */
function said(table: Table | null): string {
  return table === null ? '' : JSON.stringify(valuesOf(table));
}

function valuesOf({ entries }: Table): unknown {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, { value }]) => [key, plain(value)]);
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return isTable(value) ? valuesOf(value) : value;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && 'entries' in value;
}
