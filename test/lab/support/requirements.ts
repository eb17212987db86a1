import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { closeSince, openNow } from './open.ts';

/** FRR's own folder comes first: OpenBGPD has a `bgpd` too. The others: where Debian keeps daemons that are not on everybody's PATH. */
const folders = ['/usr/lib/frr', ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

export function programPath(name: string): string | null {
  for (const folder of folders)
    if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  return null;
}

export interface Needs {
  readonly root?: boolean;
  readonly programs: readonly string[];
}

/** What is missing here, in words; empty where everything is at hand. */
export function missing({ root, programs }: Needs): readonly string[] {
  return [
    ...(root && process.getuid?.() !== 0 ? ['root (network namespaces)'] : []),
    ...programs.filter((name) => programPath(name) === null),
  ];
}

/**
 * A suite that needs the real daemons. Where something is missing it is skipped and says why; with FABRICGEN_LAB=require it
 * fails instead, so that CI cannot pass by skipping.
 */
export function describeLab(name: string, needs: Needs, suite: () => void): void {
  const lacking = missing(needs);
  if (lacking.length === 0) {
    describe(name, () => {
      let before = openNow();
      beforeAll(() => {
        before = openNow();
      });
      // Runs last, after the suite's own.
      afterAll(() => closeSince(before));
      suite();
    });
    return;
  }
  const reason = `needs ${lacking.join(', ')} (scripts/install-daemons)`;
  if (process.env['FABRICGEN_LAB'] === 'require') {
    describe(name, () => {
      it('has what it needs', () => {
        throw new Error(reason);
      });
    });
    return;
  }
  console.warn(`skipped: ${name}: ${reason}`);
  // The suite itself is not even collected: its set-up may need what is missing.
  describe(name, () => {
    it.skip(reason, () => {});
  });
}
