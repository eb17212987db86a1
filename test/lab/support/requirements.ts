import { afterAll, beforeAll, describe, it } from 'vitest';
import { closeSince, openNow } from '../../../src/lab/open.ts';
import { missing, type Needs } from '../../../src/lab/programs.ts';

/**
 * A suite that needs the real daemons. Where something is missing it is skipped and says why; with FABRICGEN_LAB=require it
 * fails instead, so that CI cannot pass by skipping.
 */
export function describeLab(name: string, needs: Needs, suite: () => void): void {
  const lacking = missing(needs);
  if (lacking.length === 0) {
    // A daemon may be late where much else runs: what fails twice does not hang on that.
    describe(name, { retry: 1 }, () => {
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
