import type { Rule } from './rule.ts';
import { sessionRules } from './sessions.ts';

/** Every lint rule, by subject. `fabric_ignore` may name these and no others. */
export const rules: readonly Rule[] = [...sessionRules];
