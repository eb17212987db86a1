import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatSource } from '../../base/source.ts';

/**
 * Collects the diagnostics of one build, in order of discovery. What many hosts share through a group is said once: the
 * same sentence about the same place is not repeated.
 */
export class Findings {
  readonly list: Diagnostic[] = [];
  readonly #said = new Set<string>();

  error(diagnostic: Omit<Diagnostic, 'severity'>): void {
    this.#add({ severity: 'error', ...diagnostic });
  }

  warning(diagnostic: Omit<Diagnostic, 'severity'>): void {
    this.#add({ severity: 'warning', ...diagnostic });
  }

  #add(diagnostic: Diagnostic): void {
    const [range] = diagnostic.ranges;
    const key = `${diagnostic.rule} ${range ? formatSource(range) : ''} ${diagnostic.message}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.list.push(diagnostic);
  }
}
