import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import { nearestName } from '../../base/nearest.ts';
import type { Positioned, SourceRange } from '../../base/source.ts';
import type { Inventory } from '../types.ts';
import { diagnoseVariable } from './diagnose.ts';
import { isVarName, ownNamespaces, sharedNamespaces, type VarName, varNames } from './host-vars.ts';
import { shown } from './walk.ts';

/** The verdict on all variables of an inventory. */
export interface CheckedVariables {
  readonly diagnostics: readonly Diagnostic[];
  /** Has this value the type that `HostVars` states for the name? */
  isValid(name: VarName, node: Positioned): boolean;
}

interface Use {
  readonly node: Positioned;
  readonly key: SourceRange;
  readonly hosts: string[];
}

/**
 * Checks each value of our variables once, however many hosts share it through a group, and every name that could be
 * meant for us.
 */
export function checkVariables(inventory: Inventory): CheckedVariables {
  const diagnostics: Diagnostic[] = [];
  const invalid = new Map<VarName, Set<Positioned>>();
  for (const [name, uses] of valuesByName(inventory)) {
    for (const use of uses.values()) {
      const found = isVarName(name) ? diagnoseVariable(name, use.node) : unknownName(name, use.key);
      const host = use.hosts.length === 1 ? use.hosts[0] : undefined;
      for (const one of found) diagnostics.push(host === undefined ? one : { ...one, host });
      if (isVarName(name) && hasErrors(found)) {
        const nodes = invalid.get(name) ?? new Set();
        invalid.set(name, nodes.add(use.node));
      }
    }
  }
  return { diagnostics, isValid: (name, node) => !invalid.get(name)?.has(node) };
}

function valuesByName(inventory: Inventory): Map<string, Map<Positioned, Use>> {
  const names = new Map<string, Map<Positioned, Use>>();
  for (const host of inventory.hosts.values()) {
    for (const [name, { node, key }] of host.vars) {
      if (!mightBeOurs(name)) continue;
      const uses = names.get(name) ?? new Map<Positioned, Use>();
      names.set(name, uses);
      const use = uses.get(node);
      // Two hosts are as good as many: only a single user is named.
      if (!use) uses.set(node, { node, key, hosts: [host.name] });
      else if (use.hosts.length < 2) use.hosts.push(host.name);
    }
  }
  return names;
}

function mightBeOurs(name: string): boolean {
  return [...ownNamespaces, ...sharedNamespaces].some((namespace) => name.startsWith(namespace));
}

function unknownName(name: string, key: SourceRange): Diagnostic[] {
  const own = ownNamespaces.some((namespace) => name.startsWith(namespace));
  const nearest = nearestName(name, varNames, own ? 4 : 2);
  if (!own && (nearest === null || !nearest.startsWith(name.slice(0, name.indexOf('_') + 1)))) return [];
  return [
    {
      rule: 'unknown-variable',
      severity: 'error',
      message: `there is no variable ${shown(name)}`,
      ranges: [key],
      found: name,
      expected: `a variable that \`fabricgen schema vars\` lists`,
      ...(nearest === null ? {} : { nearest }),
      fix: nearest === null ? 'remove the variable' : `write ${nearest}`,
    },
  ];
}
