import type { FamilyCommand, Reading } from '../reading.ts';
import { modelled, numberOf } from './make.ts';

/** DEFAULT_HALF_LIFE (in minutes) and the like; the longest time is four half-lives. */
const USUAL = { halfLife: 15, reuse: 750, suppress: 2000, halfLives: 4 };

/** What the lines take. */
const MOST = { halfLife: 45, reuse: 20_000, suppress: 50_000, longest: 255 };

export const dampeningCommands: readonly FamilyCommand[] = [
  modelled('bgp dampening', (reading, _args, negated) => {
    dampen(reading, negated, USUAL.halfLife);
  }),
  modelled('bgp dampening {half:COUNT}', (reading, args, negated) => {
    dampen(reading, negated, numberOf(args, 'half'));
  }),
  modelled(
    'bgp dampening {half:COUNT} {reuse:COUNT} {suppress:COUNT} {longest:COUNT}',
    (reading, args, negated) => {
      const [reuse, suppress] = [numberOf(args, 'reuse'), numberOf(args, 'suppress')];
      dampen(reading, negated, numberOf(args, 'half'), {
        reuse,
        suppress,
        longest: numberOf(args, 'longest'),
      });
    },
  ),
];

/** Minutes, as they are written. */
function dampen(
  reading: Reading,
  negated: boolean,
  halfLife: number,
  limits: Partial<Record<'reuse' | 'suppress' | 'longest', number>> = {},
): void {
  const { router, family } = reading;
  const { reuse, suppress, longest } = {
    ...{ reuse: USUAL.reuse, suppress: USUAL.suppress, longest: USUAL.halfLives * halfLife },
    ...limits,
  };
  if (negated) {
    delete router.dampening[family];
    return;
  }
  if (
    halfLife > MOST.halfLife ||
    reuse > MOST.reuse ||
    suppress > MOST.suppress ||
    (limits.longest ?? 1) > MOST.longest
  )
    reading.unrecognised('the daemon takes half-lives of 1 to 45 minutes, and 255 minutes at most');
  else if (suppress < reuse)
    reading.refuse(
      'the suppress value is less than the reuse value',
      'Write a suppress value that is the reuse value or more.',
    );
  else router.dampening[family] = { halfLife: 60 * halfLife, reuse, suppress, longest: 60 * longest };
}
