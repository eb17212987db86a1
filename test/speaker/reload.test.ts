import { describe, expect, it } from 'vitest';
import { notificationText } from '../../src/bgp/wire/notification.ts';
import { planReload } from '../../src/speaker/reload.ts';
import { configOf, frrConf } from './support/configs.ts';
import { bestPaths, VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from './support/virtual.ts';

const peer = 'neighbor 10.0.0.2 remote-as 65002';
const map = ['route-map in permit 10', ' set local-preference 200'];
const before = frrConf(65001, [peer]);

function planned(after: string, from = before) {
  const { added, removed, changed, kept, decideAgain } = planReload(configOf(from).bgp, configOf(after).bgp);
  return {
    added: added.map(({ address }) => address?.text),
    removed,
    changed: changed.map(({ name, reset, again }) => ({ name, reset, ...again })),
    kept: kept.map(({ name, reset, again }) => ({ name, reset, ...again })),
    decideAgain,
  };
}

const untouched = {
  added: [],
  removed: [],
  changed: [],
  kept: [{ name: '10.0.0.2', reset: null, in: false, out: false }],
  decideAgain: false,
};
const soft = (again: { in: boolean; out: boolean }) => ({
  ...untouched,
  kept: [],
  changed: [{ name: '10.0.0.2', reset: null, ...again }],
});
const reset = (words: string) => ({ name: '10.0.0.2', reset: words });

describe('what a new configuration asks for', () => {
  it.each([
    ['the same', before, untouched],
    ['lines that moved', `!\n!\n${before}`, untouched],
    ['a network', frrConf(65001, [peer], ['network 10.9.0.0/16']), untouched],
    [
      'a description',
      frrConf(65001, [peer, 'neighbor 10.0.0.2 description x']),
      soft({ in: false, out: false }),
    ],
    ['timers', frrConf(65001, [peer, 'neighbor 10.0.0.2 timers 3 9']), soft({ in: false, out: false })],
    [
      'import policy',
      frrConf(65001, [peer], ['neighbor 10.0.0.2 route-map in in'], map),
      soft({ in: true, out: false }),
    ],
    [
      'export policy',
      frrConf(65001, [peer], ['neighbor 10.0.0.2 route-map in out'], map),
      soft({ in: false, out: true }),
    ],
    [
      'next-hop-self',
      frrConf(65001, [peer], ['neighbor 10.0.0.2 next-hop-self']),
      soft({ in: false, out: true }),
    ],
  ])('%s: no session is reset', (_, after, plan) => {
    expect(planned(after)).toEqual(plan);
  });

  it.each([
    [
      'the AS of the peer',
      frrConf(65001, ['neighbor 10.0.0.2 remote-as 65009']),
      'the AS of the peer changed',
    ],
    ['the own AS', frrConf(65009, [peer]), 'the AS changed from 65001 to 65009'],
    ['local-as', frrConf(65001, [peer, 'neighbor 10.0.0.2 local-as 64999']), 'the local AS changed'],
    [
      'the source',
      frrConf(65001, [peer, 'neighbor 10.0.0.2 update-source 10.0.0.9']),
      'the source address changed',
    ],
    ['shutdown', frrConf(65001, [peer, 'neighbor 10.0.0.2 shutdown']), 'shut down by the configuration'],
  ])('%s: that session begins anew', (_, after, words) => {
    const { changed, kept } = planned(after);
    expect([...changed, ...kept]).toMatchObject([reset(words)]);
  });

  it('peers come and go', () => {
    expect(planned(frrConf(65001, ['neighbor 10.0.0.3 remote-as 65003']))).toMatchObject({
      added: ['10.0.0.3'],
      removed: ['10.0.0.2'],
    });
  });

  it('options of the decision are for every destination', () => {
    const after = frrConf(65001, ['bgp bestpath as-path ignore', peer]);
    expect(planned(after)).toMatchObject({ decideAgain: true, changed: [] });
  });
});

describe('a running speaker takes over a configuration', () => {
  function pair(first: string, network = new VirtualNetwork()) {
    const a = virtualSpeaker(network, '10.0.0.1', first);
    const b = virtualSpeaker(
      network,
      '10.0.0.2',
      frrConf(
        65002,
        ['neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 passive'],
        ['network 10.2.0.0/16'],
      ),
    );
    a.speaker.start();
    b.speaker.start();
    network.run(5);
    const reload = (text: string) => {
      const { config, bgp } = configOf(text);
      const words = a.speaker.reload(config, bgp);
      network.run(5);
      return words;
    };
    return { a, b, reload, network };
  }
  const flaps = ({ speaker }: VirtualSpeaker) => speaker.neighbors.map((one) => one.flaps.down);
  const sent = ({ notes }: VirtualSpeaker) =>
    notes.flatMap((note) => (note.kind === 'sent' ? notificationText(note.notification) : []));

  it('policy and networks without a reset, in both directions', () => {
    const { a, b, reload } = pair(frrConf(65001, [peer], ['network 10.1.0.0/16']));
    expect(bestPaths(b)).toContain('10.1.0.0/16 10.0.0.1 [65001]');
    reload(
      frrConf(
        65001,
        [peer],
        ['network 10.11.0.0/16', 'neighbor 10.0.0.2 route-map out out', 'neighbor 10.0.0.2 route-map in in'],
        [...map, 'route-map out permit 10', ' set as-path prepend 65001'],
      ),
    );
    expect(bestPaths(b)).toEqual(['10.11.0.0/16 10.0.0.1 [65001 65001]', '10.2.0.0/16 own []']);
    const { table, shelf } = [...a.speaker.tables.values()][0] ?? {};
    const learned = [...Array(table?.index.size ?? 0).keys()].map((place) => table?.bestPath(place) ?? 0);
    const preferences = learned.map((id) => (id === 0 ? null : (shelf?.path(id).localPref ?? null)));
    expect(preferences).toContain(200);
    expect([flaps(a), flaps(b)]).toEqual([[0], [0]]);
  });

  it('says what it does with own routes', () => {
    const { reload } = pair(frrConf(65001, [peer], ['network 10.1.0.0/16']));
    const networks = (...numbers: readonly number[]) =>
      frrConf(
        65001,
        [peer],
        numbers.map((number) => `network 10.${number}.0.0/16`),
      );
    expect(reload(networks(1))).toBe('nothing is otherwise than before');
    expect(reload(networks(11))).toBe(
      'own routes announced: 10.11.0.0/16; own routes withdrawn: 10.1.0.0/16',
    );
    expect(reload(networks(11, 21, 22, 23, 24, 25, 26, 27))).toMatch(
      /^own routes announced: (?:10\.2\d\.0\.0\/16, ){5}and 2 more$/,
    );
  });

  it('a peer that goes is told so, and its routes go', () => {
    const { a, b, reload } = pair(frrConf(65001, [peer], ['network 10.1.0.0/16']));
    reload(frrConf(65001, [], ['network 10.1.0.0/16']));
    expect(a.speaker.neighbors).toEqual([]);
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []']);
    expect(bestPaths(b)).toEqual(['10.2.0.0/16 own []']);
    expect(sent(a)).toEqual(['Cease/peer deconfigured']);
  });

  it('another AS resets the session, which comes back with it', () => {
    const { a, b, reload, network } = pair(frrConf(65001, [peer, 'neighbor 10.0.0.2 timers connect 2']));
    reload(frrConf(65001, ['neighbor 10.0.0.2 remote-as external', 'neighbor 10.0.0.2 timers connect 2']));
    expect(sent(a)).toEqual(['Cease/other configuration change']);
    network.run(200);
    expect(a.speaker.neighbors[0]?.session.state).toBe('Established');
    expect(flaps(b)).toEqual([1]);
  });

  it('a refused policy leaves nothing behind when it is taken back', () => {
    const open = frrConf(65001, [peer]);
    const shut = frrConf(65001, [peer], ['neighbor 10.0.0.2 route-map none in'], ['route-map none deny 10']);
    const { a, reload } = pair(open);
    reload(shut);
    expect(bestPaths(a)).toEqual([]);
    reload(open);
    expect(bestPaths(a)).toEqual(['10.2.0.0/16 10.0.0.2 [65002]']);
    expect(flaps(a)).toEqual([0]);
  });
});
