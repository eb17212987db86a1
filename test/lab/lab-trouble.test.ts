import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { LABS } from '../../src/lab/run/names.ts';
import { labAtTerminal, labWithin, leftovers } from './support/lab-command.ts';
import { describeLab } from './support/requirements.ts';

const daemons = ['zebra', 'bgpd', 'staticd', 'vtysh', 'gobgpd', 'gobgp', 'ip'];
const work = mkdtempSync(join(tmpdir(), 'fabricgen-trouble-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** What can go wrong around the daemons: a clear message, and nothing is left. */
describeLab('a lab in trouble', { root: true, programs: daemons }, () => {
  it('a daemon that is not installed', { timeout: 60_000 }, async () => {
    // Everything that is on the PATH but GoBGP.
    for (const folder of (process.env['PATH'] ?? '').split(':').filter(existsSync))
      for (const name of readdirSync(folder))
        if (!name.startsWith('gobgp') && !existsSync(join(work, name)))
          symlinkSync(join(folder, name), join(work, name));
    const name = `gone-${process.pid}`;
    const words = ['run', '-c', 'test/scenarios/gobgp-mixed-triangle', '--name', name];
    const { code, out, err } = await labWithin([], words, { ...process.env, PATH: work });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('the lab cannot run here: gobgpd, gobgp are missing');
    expect(leftovers(name)).toEqual([]);
  });
});

describeLab('a lab on a full disk', { root: true, programs: [...daemons, 'unshare', 'mount'] }, () => {
  // Too small for its first file, for the files of the fabric, for what the daemons write.
  it.each([4, 16, 64])('%i kB', { timeout: 90_000 }, async (size) => {
    const name = `full-${process.pid}-${size}`;
    const there = existsSync(LABS);
    // In a mount namespace of its own: no other lab sees the small disk.
    const mount = `mkdir -p ${LABS} && mount -t tmpfs -o size=${size}k none ${LABS} && exec "$0" "$@"`;
    const words = ['run', '-c', 'test/scenarios/route-reflector', '--name', name];
    const { code, out, err } = await labWithin(['unshare', '--mount', 'sh', '-c', mount], words);
    if (!there && existsSync(LABS) && readdirSync(LABS).length === 0) rmdirSync(LABS);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/no space left/i);
    expect(err).not.toMatch(/\n {4}at /);
    expect(leftovers(name)).toEqual([]);
  });
});

describeLab('Ctrl-C at a terminal', { root: true, programs: [...daemons, 'script'] }, () => {
  const run = ['run', '-c', 'test/scenarios/route-reflector'];
  it.each([
    ['wiring', run],
    ['1 of 6 daemons run', run],
    ['converging', run],
    ['event: ', ['run', '-c', 'test/scenarios/events-interface']],
    ['converging on the new files', ['rollout', 'test/scenarios/solo', 'test/scenarios/solo']],
    ['taking everything down', ['run', '-c', 'test/scenarios/solo']],
  ] as const)('while it says "%s"', { timeout: 120_000 }, async (step, words) => {
    const name = `ctrl-${process.pid}`;
    const { code, out } = await labAtTerminal([...words, '--name', name], step);
    expect(out).toContain(`lab: ${step}`);
    expect(leftovers(name)).toEqual([]);
    // Who presses it while all is being taken down has had the result.
    if (step.startsWith('taking')) expect(out).toContain(': 5 hosts, 99 entries compared, 0 differ');
    else expect([code, out]).toEqual([2, expect.stringContaining('interrupted: nothing of the lab is left')]);
  });
});
