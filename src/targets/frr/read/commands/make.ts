import { parseAddress } from '../../../../base/ip.ts';
import { beginsCarried } from '../carried.ts';
import type { DialectId } from '../dialect.ts';
import type { Reference } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Mode, Reading, SkippedBlock } from '../reading.ts';

export const frrOnly: readonly DialectId[] = ['frr-8.4', 'frr-10'];
export const quaggaOnly: readonly DialectId[] = ['quagga-1.2'];
export const frr10Only: readonly DialectId[] = ['frr-10'];

type Options = Omit<FamilyCommand, 'pattern' | 'run'>;

/** A line whose meaning goes into the draft. */
export function modelled(
  pattern: string,
  run: (reading: Reading, args: Arguments, negated: boolean) => void,
  options: Options = {},
): FamilyCommand {
  return { pattern, run, ...options };
}

/** Lines that cannot change a table: logging, names, displays. */
export function harmless(patterns: readonly string[], options: Options = {}): FamilyCommand[] {
  return patterns.map((pattern) => ({ pattern, run: () => {}, ...options }));
}

/** Lines the daemon knows and we do not follow; `effect` says what is missing, `matters` whether a table may differ. */
export function unmodelled(
  patterns: readonly string[],
  effect: string,
  matters: boolean,
  options: Options = {},
): FamilyCommand[] {
  return patterns.map((pattern) => ({
    pattern,
    // Taken back is as good as never said.
    run: (reading, _args, negated) => {
      if (!negated) reading.unmodelled(effect, matters);
    },
    ...options,
  }));
}

/** Opens a block that is read over up to one of `ends`. */
export function skippedBlock(
  pattern: string,
  block: Omit<SkippedBlock, 'returnsTo' | 'head'> & { readonly returnsTo?: Mode },
  options: Options = {},
): FamilyCommand {
  return {
    pattern,
    run: (reading, _args, negated) => {
      if (negated) return;
      if (!block.silent) reading.unmodelled(block.effect, block.matters, beginsCarried(reading.text));
      const returnsTo = block.returnsTo ?? (reading.mode === 'skipped' ? 'top' : reading.mode);
      reading.skipped = { ...block, returnsTo, head: reading.text };
      reading.mode = 'skipped';
    },
    ...options,
  };
}

export function text(args: Arguments, name: string): string {
  return args.get(name) ?? '';
}

/** The spelling of an address does not matter: `2001:DB8::1` is the neighbor `2001:db8::1`. */
export function peerId(args: Arguments): string {
  const id = text(args, 'id');
  return parseAddress(id)?.text ?? id;
}

export function numberOf(args: Arguments, name: string): number {
  return Number(args.get(name));
}

export function optionalNumber(args: Arguments, name: string): number | null {
  const value = args.get(name);
  return value === undefined ? null : Number(value);
}

/** The map that a line names behind `route-map`, if it does. */
export function routeMapOf(reading: Reading, args: Arguments): Reference | null {
  const name = args.get('map');
  return name === undefined ? null : reading.reference(name);
}

/** Keepalive and hold time; null where the daemon takes no such hold time (peer_timers_set). */
export function timersOf(reading: Reading, args: Arguments): { keepalive: number; hold: number } | null {
  const [keepalive, hold] = [numberOf(args, 'keepalive'), numberOf(args, 'hold')];
  if (hold === 0 || hold >= SHORTEST_HOLD) return { keepalive, hold };
  reading.refuse(
    `a hold time is 0, or ${SHORTEST_HOLD} seconds and more, not ${hold}`,
    `Write 0, or ${SHORTEST_HOLD} and more.`,
  );
  return null;
}

const SHORTEST_HOLD = 3;
