import { join } from 'node:path';

/** Where the scenario folders are. */
export const scenarios = join(import.meta.dirname, '..', '..', 'scenarios');
