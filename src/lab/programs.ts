import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** FRR's own folder comes first: OpenBGPD has a `bgpd` too. The others: where Debian keeps daemons that are not on everybody's PATH. */
const folders = ['/usr/lib/frr', ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** Where a program is; null: it is not installed. */
export function programPath(name: string): string | null {
  for (const folder of folders)
    if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  return null;
}

export interface Needs {
  readonly root?: boolean;
  readonly programs: readonly string[];
}

/** What is missing here, in words; empty where everything is at hand. */
export function missing({ root, programs }: Needs): readonly string[] {
  return [
    ...(root && process.getuid?.() !== 0 ? ['root (network namespaces)'] : []),
    ...programs.filter((name) => programPath(name) === null),
  ];
}
