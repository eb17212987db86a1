/**
 * The files of an inventory as plain data: what `files.ts` reads and `loadInventory` needs. Paths in `files` are
 * relative to `root`, with forward slashes; diagnostics show `root/path`, which the user can open from where he stands.
 */
export interface InventoryFiles {
  /** The inventory folder as the user named it (`inventory/lab`), or the folder of the single file. */
  readonly root: string;
  /** The single file that was named, relative to `root`; null where the folder itself is the inventory. */
  readonly entry: string | null;
  readonly files: ReadonlyMap<string, string>;
  /** Files with the executable bit: dynamic inventories, unless they are YAML or JSON by name. */
  readonly executables?: ReadonlySet<string>;
  /** Folders below group_vars and host_vars, also empty ones: a folder hides files of the same name. */
  readonly folders?: ReadonlySet<string>;
}

/** The name that stands for standard input in diagnostics. */
const STDIN = '<stdin>';

/** Text from standard input as the only source. */
export function stdinSource(text: string): InventoryFiles {
  return { root: '', entry: STDIN, files: new Map([[STDIN, text]]) };
}

/** ansible.cfg's defaults: INVENTORY_IGNORE_EXTS (REJECT_EXTS and four more) of ansible-core 2.14. */
const IGNORED_ENDINGS = [
  '.pyc',
  '.pyo',
  '.swp',
  '.bak',
  '~',
  '.rpm',
  '.md',
  '.txt',
  '.rst',
  '.orig',
  '.ini',
  '.cfg',
  '.retry',
];
const IGNORED_NAMES = new Set(['group_vars', 'host_vars', 'vars_plugins']);
/** Beside the inventory for fabricgen itself, at the top only; Ansible finds no group in them. */
const OURS = new Set(['checks.yml', 'fabric.lock.yml', 'templates']);
const DATA_ENDINGS = new Set(['', '.yml', '.yaml', '.json']);

/** Does Ansible pass over this entry of an inventory folder? `top` is false in sub-folders. */
export function isIgnored(name: string, top: boolean): boolean {
  return (
    name.startsWith('.') ||
    IGNORED_NAMES.has(name) ||
    IGNORED_ENDINGS.some((ending) => name.endsWith(ending)) ||
    (top && OURS.has(name))
  );
}

/** The files that Ansible tries as inventories, in its order: by name, a folder's content at the folder's place. */
export function sourcePaths(source: InventoryFiles): readonly string[] {
  if (source.entry !== null) return source.files.has(source.entry) ? [source.entry] : [];
  const paths = [...source.files.keys()].filter((path) =>
    path.split('/').every((name, depth) => !isIgnored(name, depth === 0)),
  );
  return paths.sort(comparePaths);
}

/** Folder by folder, names compared by code unit (Ansible sorts each folder's names). */
export function comparePaths(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/** Python's `os.path.splitext`: leading dots belong to the name. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/^\.+/, '');
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

export function hasDataExtension(path: string): boolean {
  return DATA_ENDINGS.has(extensionOf(path));
}

/** The path as a diagnostic shows it. */
export function shownPath(root: string, path: string): string {
  return root === '' || root === '.' ? path : `${root.replace(/\/+$/, '')}/${path}`;
}
