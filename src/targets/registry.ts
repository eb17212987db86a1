import { birdTarget } from './bird/index.ts';
import { dockerTarget } from './docker/index.ts';
import { exabgpTarget } from './exabgp/index.ts';
import { frrTarget, quaggaTarget } from './frr/index.ts';
import { gobgpTarget } from './gobgp/index.ts';
import type { Target } from './target.ts';

/** Every target there is, in the order its files stand in a host's manifest. A new daemon is a folder and a line here. */
export const targets: readonly Target[] = [
  quaggaTarget,
  frrTarget,
  gobgpTarget,
  exabgpTarget,
  birdTarget,
  dockerTarget,
];

/** The target of this name, as a manifest's files name it. */
export function targetNamed(name: string): Target | null {
  return targets.find((target) => target.name === name) ?? null;
}
