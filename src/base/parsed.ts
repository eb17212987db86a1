import type { Diagnostic } from './diagnostic.ts';
import type { Positioned } from './source.ts';

/**
 * What reading one text gives. `root` is null for an empty document and where the text cannot be used at all
 * (then there is an error among the diagnostics).
 */
export interface ParsedDocument {
  readonly root: Positioned | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Nesting beyond this is refused before it can exhaust the stack; no inventory comes near it. */
export const MAX_DEPTH = 200;

/** Sets a key of a plain object, also where the key is `__proto__` (assignment would change the prototype). */
export function setKey(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
