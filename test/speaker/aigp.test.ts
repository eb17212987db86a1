import { expect, it } from 'vitest';
import { adjInPage, ribPage } from '../../src/speaker/api/table-views.ts';
import { perform } from '../../src/speaker/operation/perform.ts';
import { frrConf } from './support/configs.ts';
import { VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from './support/virtual.ts';

const whole = { family: 'ipv4-unicast', prefix: null, longer: false, after: -1, limit: 100 } as const;

/** Speakers at 10.0.0.1, 10.0.0.2 ... as FRR 10 is configured, which has `neighbor aigp`. */
function together(...texts: readonly string[]) {
  const network = new VirtualNetwork();
  const all = texts.map((text, index) => virtualSpeaker(network, `10.0.0.${index + 1}`, text, {}, '10.0'));
  for (const { speaker } of all) speaker.start();
  network.run(30);
  return { network, all };
}

function announce(
  speaker: VirtualSpeaker | undefined,
  attributes: { readonly aigp?: number; readonly asPath?: readonly number[] },
): void {
  if (!speaker) throw new Error('no such speaker');
  const outcome = perform(speaker.speaker, { kind: 'announce', prefix: '10.9.0.0/16', attributes }, () => '');
  expect(outcome).toEqual({ ok: true });
}

function metricsHeard(speaker: VirtualSpeaker | undefined): readonly unknown[] {
  const [neighbor] = speaker?.speaker.neighbors ?? [];
  if (!speaker || !neighbor) return [];
  return adjInPage(speaker.speaker, neighbor, whole).rows.map(({ received }) => received.aigp);
}

const hubLines = [65001, 65003, 65004].map((asn, at) => {
  return `neighbor 10.0.0.${[1, 3, 4][at]} remote-as ${asn}`;
});

it('is sent inside the AS, and outside of it where it is switched on (RFC 7311 3.1)', () => {
  const end = (asn: number, lines: readonly string[] = []) =>
    frrConf(asn, ['neighbor 10.0.0.2 remote-as 65001', 'neighbor 10.0.0.2 passive', ...lines]);
  const { network, all } = together(
    end(65001),
    frrConf(65001, [...hubLines, 'neighbor 10.0.0.3 aigp']),
    end(65003, ['neighbor 10.0.0.2 aigp']),
    end(65004),
  );
  const [inside, hub, switchedOn, outside] = all;
  announce(hub, { aigp: 70 });
  network.run(5);
  expect([inside, switchedOn, outside].map(metricsHeard)).toEqual([[70], [70], [null]]);
  const [row] = ribPage(switchedOn?.speaker ?? never(), whole).rows;
  expect(row?.paths[0]).toMatchObject({ best: true, aigp: 70 });
});

it('counts before the length of the AS_PATH, and a path without it loses (RFC 7311 4.1)', () => {
  const end = frrConf(65001, ['neighbor 10.0.0.2 remote-as 65001', 'neighbor 10.0.0.2 passive']);
  const hub = frrConf(
    65001,
    [1, 3, 4].map((last) => `neighbor 10.0.0.${last} remote-as 65001`),
  );
  const { network, all } = together(end, hub, end, end);
  announce(all[0], { aigp: 30 });
  announce(all[2], { aigp: 20, asPath: [65010, 65011] });
  announce(all[3], {});
  network.run(5);
  const [row] = ribPage(all[1]?.speaker ?? never(), whole).rows;
  const seen = row?.paths.map(({ from, best, aigp, reason }) => [from, best, aigp, reason]);
  expect(seen?.sort()).toEqual([
    ['10.0.0.1', false, 30, expect.stringContaining('aigp')],
    ['10.0.0.3', true, 20, null],
    ['10.0.0.4', false, null, expect.stringContaining('aigp')],
  ]);
});

function never(): never {
  throw new Error('one of the speakers is missing');
}
