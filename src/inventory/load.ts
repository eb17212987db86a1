import type { Diagnostic } from '../base/diagnostic.ts';
import { emptyGraph, type Graph } from './graph.ts';
import { readGroupTree } from './group-tree.ts';
import { isListJson, readListJson } from './list-json.ts';
import { mergeHosts, plainGroups, settleGroups } from './merge.ts';
import {
  emptyFile,
  foreignFormat,
  looksLikeIni,
  looksLikeJson,
  pluginSettings,
  readData,
} from './read-text.ts';
import { type InventoryFiles, shownPath, sourcePaths } from './sources.ts';
import type { Inventory } from './types.ts';
import { varsFolder } from './vars-files.ts';

/**
 * Loads and merges an inventory as Ansible does. Pure, and never throws: everything wrong with the files is in
 * `diagnostics`, in the order of the files; what could be read is there beside it.
 */
export function loadInventory(source: InventoryFiles): Inventory {
  const graph = emptyGraph({ file: shownPath(source.root, source.entry ?? ''), line: 1, column: 1 });
  for (const path of sourcePaths(source)) readSource(graph, source, path);
  settleGroups(graph);
  const conflicts = nameConflicts(graph);
  const { diagnostics } = graph;
  const groupFiles = varsFolder(source, 'group_vars', diagnostics);
  const hostFiles = varsFolder(source, 'host_vars', diagnostics);
  for (const name of graph.groups.keys()) groupFiles.layerOf(name);
  const hosts = mergeHosts(graph, groupFiles, hostFiles);
  diagnostics.push(...conflicts);
  // Without any host every file would be called an orphan; what is wrong then is the inventory, and that is said.
  if (graph.hosts.size > 0) {
    diagnostics.push(...groupFiles.leftovers(new Set(graph.groups.keys())));
    diagnostics.push(...hostFiles.leftovers(new Set(graph.hosts.keys())));
  }
  if (hosts.size === 0 && !diagnostics.some((found) => found.severity === 'error'))
    diagnostics.push(noHosts(source));
  const texts = new Map([...source.files].map(([path, text]) => [shownPath(source.root, path), text]));
  return { root: source.root, hosts, groups: plainGroups(graph), texts, diagnostics };
}

function readSource(graph: Graph, source: InventoryFiles, path: string): void {
  const text = source.files.get(path) ?? '';
  const file = shownPath(source.root, path);
  const foreign = foreignFormat(path, file, text, source.executables?.has(path) ?? false);
  if (foreign) {
    graph.diagnostics.push(foreign);
    return;
  }
  const { root, diagnostics } = readData(text, file);
  const ini = !root?.entries && looksLikeIni(text) ? foreignFormat(`${path}.ini`, file, text, false) : null;
  if (ini) {
    graph.diagnostics.push(ini);
    return;
  }
  graph.diagnostics.push(...diagnostics);
  if (!root) {
    if (diagnostics.length === 0) graph.diagnostics.push(emptyFile(file));
    return;
  }
  const plugin = root.entries?.get('plugin')?.node;
  if (plugin && typeof plugin.value === 'string')
    graph.diagnostics.push(pluginSettings(plugin.source, plugin.value));
  else if (looksLikeJson(text) && isListJson(root)) readListJson(graph, root);
  else readGroupTree(graph, root);
}

/** Ansible warns, and gives the host's variables to the group: the names must differ. */
function nameConflicts(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const host of graph.hosts.values()) {
    const group = graph.groups.get(host.name);
    if (!group) continue;
    found.push({
      rule: 'inventory-name-conflict',
      severity: 'warning',
      message: `${host.name} is the name of a host and of a group`,
      ranges: [host.source],
      related: [{ ...group.source, note: 'the group' }],
      fix: 'Rename one of the two; Ansible mixes up their variables.',
    });
  }
  return found;
}

function noHosts(source: InventoryFiles): Diagnostic {
  const shown = source.entry === null ? source.root : shownPath(source.root, source.entry);
  return {
    rule: 'inventory-empty',
    severity: 'error',
    message: `The inventory ${shown} has no hosts`,
    ranges: [],
    fix: 'Write a hosts.yml with "all:" and "hosts:", or begin with "fabricgen init".',
  };
}
