import { setKey } from '../base/parsed.ts';
import type { Inventory } from './types.ts';

/** What `ansible-inventory --list` prints, as plain data. */
export type AnsibleList = Readonly<Record<string, unknown>>;

/** INTERNAL_VARS of ansible-core: Ansible sets these names itself and leaves them out of its list. */
const INTERNAL = new Set([
  'ansible_diff_mode',
  'ansible_config_file',
  'ansible_facts',
  'ansible_forks',
  'ansible_inventory_sources',
  'ansible_limit',
  'ansible_playbook_python',
  'ansible_run_tags',
  'ansible_skip_tags',
  'ansible_verbosity',
  'ansible_version',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'groups',
  'group_names',
  'omit',
  'playbook_dir',
]);

/**
 * Our merged inventory in the shape of `ansible-inventory --list`: the proof that we read as Ansible does, and a way
 * back for other tools. Empty groups and hosts without variables are left out, as there.
 */
export function ansibleInventoryList(inventory: Inventory): AnsibleList {
  const list: Record<string, unknown> = {};
  const seen = new Set(['all']);
  for (const name of seen) {
    const group = inventory.groups.get(name);
    if (!group) continue;
    for (const child of group.children) seen.add(child);
    const parts: Record<string, readonly string[]> = {};
    if (name !== 'all' && group.hosts.length > 0) parts['hosts'] = group.hosts;
    if (group.children.length > 0) parts['children'] = group.children;
    if (Object.keys(parts).length > 0) setKey(list, name, parts);
  }
  const hostvars: Record<string, unknown> = {};
  for (const host of inventory.hosts.values()) {
    const vars: Record<string, unknown> = {};
    for (const [name, value] of host.vars) if (!INTERNAL.has(name)) setKey(vars, name, value.node.value);
    if (Object.keys(vars).length > 0) setKey(hostvars, host.name, vars);
  }
  list['_meta'] = { hostvars };
  return list;
}
