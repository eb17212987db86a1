import type { Target } from '../target.ts';
import { readDocker } from './read/read.ts';
import { dockerFiles } from './write/files.ts';
import { limits } from './write/limits.ts';

/** dockerd 20.10 to 29: daemon.json. */
export const dockerTarget: Target = {
  name: 'docker',
  applies: (host) => host.docker !== null,
  limits,
  files: dockerFiles,
  read: readDocker,
};
