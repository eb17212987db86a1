import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Expectation } from '../compare/compare.ts';
import type { Lab } from '../run/run.ts';
import type { FabricTables } from '../tables.ts';

/** What is known of a fabric that is at rest. */
export interface AtRest {
  readonly lab: Lab;
  readonly tables: FabricTables;
  readonly expectation: Expectation;
}

/** What one check found, or why nobody can be asked. */
export type Asked = readonly Diagnostic[] | string;
