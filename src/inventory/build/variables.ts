import { type DataPath, type Positioned, type SourceRange, sourceAt } from '../../base/source.ts';
import type { CheckedVariables } from '../schema/check.ts';
import type { HostVars, VarName } from '../schema/host-vars.ts';
import type { InventoryHost } from '../types.ts';

/** A variable that passed the schema: the typed value, and where each part of it stands. */
export interface Variable<T> {
  readonly name: VarName;
  readonly value: T;
  readonly node: Positioned;
}

export type Defined<K extends VarName> = Exclude<HostVars[K], undefined>;

/** Typed access to the merged variables of one host. What the schema refused is absent: it was reported already. */
export class Variables {
  readonly host: InventoryHost;
  readonly #checked: CheckedVariables;

  constructor(host: InventoryHost, checked: CheckedVariables) {
    this.host = host;
    this.#checked = checked;
  }

  find<K extends VarName>(name: K): Variable<Defined<K>> | null {
    const node = this.host.vars.get(name)?.node;
    if (node === undefined || !this.#checked.isValid(name, node)) return null;
    return { name, value: node.value as Defined<K>, node };
  }

  /** The value, or the default where the variable is absent or was refused. */
  value<K extends VarName, D>(name: K, byDefault: D): Defined<K> | D {
    return this.find(name)?.value ?? byDefault;
  }

  /** Is it there but refused by the schema? Then nothing more is said about what follows from it. */
  isRefused(name: VarName): boolean {
    return this.host.vars.has(name) && this.find(name) === null;
  }
}

/** The place of a part of a variable. */
export function placeIn(variable: { readonly node: Positioned }, ...path: DataPath): SourceRange {
  return sourceAt(variable.node, path);
}

/**
 * Reads each distinct value once, however many hosts share it through a group: what is wrong is reported once, and the hosts
 * share the result.
 */
export function oncePerValue<T, R>(read: (variable: Variable<T>) => R): (variable: Variable<T>) => R {
  const results = new Map<Positioned, R>();
  return (variable) => {
    const known = results.get(variable.node);
    if (known !== undefined) return known;
    const result = read(variable);
    results.set(variable.node, result);
    return result;
  };
}
