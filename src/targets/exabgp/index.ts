import type { Target } from '../target.ts';
import { readExabgp } from './read/read.ts';

/** ExaBGP 4: exabgp.conf is read; nothing is written. */
export const exabgpTarget: Target = {
  name: 'exabgp',
  applies: () => false,
  limits: () => [],
  files: () => [],
  read: readExabgp,
};
