import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/lab/error.ts';
import { impaired, impairWords } from '../../src/lab/impair.ts';
import { lab, leftovers } from './support/lab-command.ts';
import { describeLab } from './support/requirements.ts';

const nothing = { delay: null, jitter: null, loss: null, rate: null };
const ran = (stderr: string) => ({ code: 2, stdout: '', stderr });

describe('what tc is told', () => {
  it.each([
    [nothing, 'qdisc del dev eth0 root'],
    [{ ...nothing, delay: 20 }, 'qdisc replace dev eth0 root netem delay 20ms'],
    [{ ...nothing, jitter: 5 }, 'qdisc replace dev eth0 root netem delay 0ms 5ms'],
    [
      { delay: 20, jitter: 5, loss: 0.5, rate: 1000 },
      'qdisc replace dev eth0 root netem delay 20ms 5ms loss 0.5% rate 1000kbit',
    ],
  ])('%j', (wanted, words) => expect(impairWords('eth0', wanted).join(' ')).toBe(words));
});

describe('what tc says', () => {
  const rule = (stderr: string, off = false) => {
    try {
      impaired('a', 'eth0', off, ran(stderr));
      return 'nothing';
    } catch (error) {
      return error instanceof LabError ? error.diagnostic.rule : (error as Error).message;
    }
  };
  it.each([
    ['Error: Specified qdisc kind is unknown.', 'lab-needs'],
    ['RTNETLINK answers: No such file or directory', 'lab-needs'],
    ['Cannot find device "eth0"', 'lab-host'],
    ['Error: something else.', 'tc on a: Error: something else.'],
  ])('%s', (stderr, wanted) => expect(rule(stderr)).toBe(wanted));

  it('nothing there that could go is no fault', () =>
    expect(rule('Error: Cannot delete qdisc with handle of zero.', true)).toBe('nothing'));
});

describeLab('lab impair', { root: true, programs: ['zebra', 'bgpd', 'vtysh', 'ip', 'tc', 'ping'] }, () => {
  it('delays where the kernel can, and says that it cannot where not', { timeout: 120_000 }, async () => {
    const name = `imp-${process.pid}`;
    try {
      expect((await lab(['up', '-c', 'test/scenarios/solo', '--name', name])).code).toBe(0);
      const impair = (...words: string[]) => lab(['impair', '--name', name, 'a', ...words]);
      const { code, err, out } = await impair('eth0', '--delay', '50');
      if (code === 0) {
        expect(out).toBe('a eth0: delay 50ms\n');
        const ping = await lab(['ping', '--name', name, 'a', '10.0.1.2', '-f', 'json']);
        const times = [...JSON.parse(ping.out).said.matchAll(/time=([0-9.]+)/g)].map(([, time]) =>
          Number(time),
        );
        expect(Math.min(...times)).toBeGreaterThanOrEqual(50);
      } else {
        expect(err).toContain('cannot delay or lose packets: it has no sch_netem');
        expect(code).toBe(2);
      }
      expect(await impair('eth0')).toMatchObject({ code: 0, out: 'a eth0: as before\n' });
      expect((await impair('eth77', '--loss', '1')).err).toContain('a has no interface eth77');
    } finally {
      await lab(['down', '--name', name]);
      expect(leftovers(name)).toEqual([]);
    }
  });
});
