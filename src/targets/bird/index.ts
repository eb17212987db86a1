import type { Target } from '../target.ts';
import { readBird } from './read/read.ts';

/** BIRD 2: bird.conf is read; nothing is written for it yet. */
export const birdTarget: Target = {
  name: 'bird',
  applies: () => false,
  limits: () => [],
  files: () => [],
  read: readBird,
};
