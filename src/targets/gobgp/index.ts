import type { Target } from '../target.ts';
import { readGobgp } from './read/read.ts';
import { gobgpFiles } from './write/files.ts';
import { limits } from './write/limits.ts';

/** GoBGP 3: gobgp.toml, and what is announced as commands. */
export const gobgpTarget: Target = {
  name: 'gobgp',
  applies: (host) => host.daemon.kind === 'gobgp',
  limits,
  files: gobgpFiles,
  read: readGobgp,
};
