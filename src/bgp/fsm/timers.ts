/** Seconds. RFC 4271 section 10 where it has a word; the hold time while no OPEN has come is the 4 minutes of 8.2.2. */
export const defaults = { connectRetry: 120, hold: 90, keepalive: 30, largeHold: 240 } as const;

/** RFC 4271 section 10: timers of many sessions must not meet; three quarters to the whole of the time. */
export function jittered(seconds: number, random: number): number {
  return seconds * (0.75 + 0.25 * random);
}

/** The smaller of the two; 0 where one end wants none (RFC 4271 4.2). */
export function negotiatedHold(ours: number, theirs: number): number {
  return Math.min(ours, theirs);
}

/** A third of the hold time, or what is configured where that is less (RFC 4271 10). 0: no KEEPALIVEs. */
export function keepaliveInterval(hold: number, configured: number): number {
  return hold === 0 ? 0 : Math.max(1, Math.min(configured, Math.floor(hold / 3)));
}

/** RFC 4271 8.1.1: each failure in a row doubles the wait before the next automatic start, from a second to two minutes. */
export function idleHold(retries: number): number {
  return Math.min(120, 2 ** Math.min(retries, 7) - 1);
}
