import { expect, it } from 'vitest';
import { Random } from '../../src/lab/fuzz/random.ts';
import { until } from '../../src/lab/shell.ts';
import { lab, leftovers } from './support/lab-command.ts';
import { describeLab } from './support/requirements.ts';

const programs = ['zebra', 'bgpd', 'staticd', 'vtysh', 'gobgpd', 'ip'];
/** More of them with LAB_KILLS=20. */
const kills = Number(process.env['LAB_KILLS'] ?? 4);
const random = new Random(Number(process.env['LAB_SEED'] ?? 7));
const moments = Array.from({ length: kills }, (_, index) => [index, random.int(50, 6000)] as const);

/** Whatever moment it is ended at, nothing of a lab stays: no namespace, process, mount, control group or file. */
describeLab('a lab that is ended', { root: true, programs }, () => {
  it.each(moments)('kill %i: SIGKILL after %i ms', { timeout: 90_000 }, async (index, after) => {
    const name = `kill-${process.pid}-${index}`;
    // Every other one with real containers, where Docker is installed.
    const what =
      index % 2 === 0 ? ['-i', 'inventory/batch-overlay'] : ['-c', 'test/scenarios/gobgp-mixed-triangle'];
    await lab(['run', ...what, '--name', name], { after, signal: 'SIGKILL' });
    // What cleans up is another process, which first has to notice.
    await until(
      'nothing is left',
      30,
      () => (leftovers(name).length === 0 ? true : null),
      () => leftovers(name).join('\n'),
    );
  });

  it.each([200, 900, 2500])(
    'Ctrl-C after %i ms: a word, and nothing is left when it ends',
    {
      timeout: 60_000,
    },
    async (after) => {
      const name = `int-${process.pid}-${after}`;
      const { code, err } = await lab(['run', '-c', 'test/scenarios/route-reflector', '--name', name], {
        after,
        signal: 'SIGINT',
      });
      expect(leftovers(name)).toEqual([]);
      // Before the command listens for signals the signal itself ends it.
      if (code !== null) expect([code, err]).toEqual([2, 'interrupted: nothing of the lab is left\n']);
    },
  );
});
