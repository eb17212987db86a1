import type { Diagnostic } from '../base/diagnostic.ts';
import type { Positioned, SourceRange } from '../base/source.ts';

/** An Ansible inventory after loading and merging: what `ansible-inventory --list` would say, with places. */
export interface Inventory {
  /** The inventory folder as the user named it; every `SourceRange.file` begins with it. Empty for standard input. */
  readonly root: string;
  /** In Ansible's order (as first seen). */
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  readonly groups: ReadonlyMap<string, InventoryGroup>;
  /** Text of every file that was read, for the caret lines of diagnostics. */
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface InventoryHost {
  readonly name: string;
  readonly source: SourceRange;
  /** Every group it is in, `all` first, parents before children, in order of precedence. */
  readonly groups: readonly string[];
  readonly vars: ReadonlyMap<string, MergedValue>;
}

/** The value that won and, latest first, those it replaced as a whole (Ansible never merges deeply). */
export interface MergedValue {
  readonly node: Positioned;
  /** Where the variable's name stands. */
  readonly key: SourceRange;
  readonly replaced: readonly Positioned[];
}

export interface InventoryGroup {
  readonly name: string;
  readonly children: readonly string[];
  /** Direct members. */
  readonly hosts: readonly string[];
}
