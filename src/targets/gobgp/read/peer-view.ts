import { type Entry, type Table, tableAt, tablesAt } from './decode.ts';

/**
 * What a group has for nobody: gobgpd reads the file and hands the group to its server, which lays its copy over the neighbor once
 * more, and the copy knows nothing of these (NewPeerGroupFromConfigStruct).
 */
export const lostByGroups: ReadonlySet<string> = new Set([
  'config remove-private-as',
  'as-path-options config allow-own-as',
  'as-path-options config replace-peer-as',
]);

/** What the group gives whatever the neighbor says: `gradeful-restart` is where gobgpd looks for the neighbor's own. */
const forcedByGroups = (path: readonly string[]): boolean =>
  path.at(-1) === 'peer-as' || path[0] === 'graceful-restart';

function entryAt(table: Table | null, path: readonly string[]): Entry | undefined {
  return tableAt(table, ...path.slice(0, -1))?.entries.get(path.at(-1) ?? '');
}

/**
 * A neighbor with what it inherits: its own values win, except for what the group always gives; families come from the group
 * only where the neighbor lists none (OverwriteNeighborConfigWithPeerGroup).
 */
export class View {
  readonly own: Table | null;
  readonly group: Table | null;

  constructor(own: Table | null, group: Table | null) {
    this.own = own;
    this.group = group;
  }

  entry(...path: readonly string[]): Entry | undefined {
    return lostByGroups.has(path.join(' ')) ? entryAt(this.own, path) : this.written(...path);
  }

  /** As the file is read, before the server forgets a part of the group. */
  written(...path: readonly string[]): Entry | undefined {
    const forced = this.group !== null && forcedByGroups(path);
    return (forced ? null : entryAt(this.own, path)) ?? entryAt(this.group, path);
  }

  inherited(...path: readonly string[]): Entry | undefined {
    return entryAt(this.own, path) ? undefined : entryAt(this.group, path);
  }

  text(...path: readonly string[]): string {
    const value = this.entry(...path)?.value;
    return typeof value === 'string' ? value : '';
  }

  number(...path: readonly string[]): number {
    const value = this.entry(...path)?.value;
    return typeof value === 'number' ? value : 0;
  }

  flag(...path: readonly string[]): boolean {
    return this.entry(...path)?.value === true;
  }

  get families(): readonly Table[] {
    const holder = this.own?.entries.has('afi-safis') ? this.own : (this.group ?? this.own);
    return tablesAt(holder, 'afi-safis');
  }
}

/**
 * The family's own, else the neighbor's. Families that come from a group have what the group says for all of them, and nothing else
 * (NewPeerGroupFromConfigStruct); a group without families has nothing to give it to.
 */
export function addPaths(
  view: View,
  table: Table | null,
): { readonly sendMax: number; readonly receive: boolean } {
  const hasOwn = view.group === null || view.own?.entries.has('afi-safis') === true;
  const general = hasOwn ? view : new View(null, table ? view.group : null);
  const family = new View(hasOwn ? table : null, null);
  const at = (key: string) => ['add-paths', 'config', key];
  return {
    sendMax: family.number(...at('send-max')) || general.number(...at('send-max')),
    receive: family.flag(...at('receive')) || general.flag(...at('receive')),
  };
}
