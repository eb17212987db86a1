import { expect, it } from 'vitest';
import { shutdownMessage } from '../../src/bgp/wire/notification.ts';
import { perform } from '../../src/speaker/operation/perform.ts';
import { notificationWords } from '../../src/speaker/session/notification-words.ts';
import { frrConf } from './support/configs.ts';
import { bestPaths, VirtualNetwork, virtualSpeaker } from './support/virtual.ts';

const networks = ['10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'].map((one) => `network ${one}`);

function pair(limit: number) {
  const network = new VirtualNetwork();
  const a = virtualSpeaker(
    network,
    '10.0.0.1',
    frrConf(65001, ['neighbor 10.0.0.2 remote-as 65002'], [`neighbor 10.0.0.2 maximum-prefix ${limit}`]),
  );
  const b = virtualSpeaker(
    network,
    '10.0.0.2',
    frrConf(65002, ['neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 passive'], networks),
  );
  a.speaker.start();
  b.speaker.start();
  network.run(5);
  return { a, b, network };
}

it('more prefixes than the limit end the session for good, and both ends have words for it (RFC 4486)', () => {
  const { a, b, network } = pair(2);
  const [neighbor] = a.speaker.neighbors;
  expect(neighbor?.stopped).toBe('maximum-prefix 2 exceeded: 3 prefixes');
  expect(bestPaths(a)).toEqual([]);
  const received = b.notes.find((note) => note.kind === 'received');
  const [other] = b.speaker.neighbors;
  expect(
    received?.kind === 'received' && other && notificationWords(other, 'received', received.notification, ''),
  ).toBe('Cease/maximum prefixes: we announced more than the 2 prefixes the peer takes');
  network.run(600);
  expect(neighbor?.session.state).toBe('Idle');
});

it('the limit itself is no fault', () => {
  const { a } = pair(3);
  expect(a.speaker.neighbors[0]?.session.state).toBe('Established');
  expect(bestPaths(a)).toHaveLength(3);
});

it('an operator ends a session with words, and starts it again', () => {
  const { a, b, network } = pair(9);
  const refuse = () => 'not here';
  const down = { kind: 'shutdown', neighbor: '10.0.0.2', message: 'works on rack 4' } as const;
  expect(perform(a.speaker, down, refuse)).toEqual({ ok: true });
  network.run(60);
  const said = b.notes.flatMap((note) =>
    note.kind === 'received'
      ? shutdownMessage(note.notification.code, note.notification.subcode, note.notification.data)
      : [],
  );
  expect(said).toEqual(['works on rack 4']);
  expect(a.speaker.neighbors[0]?.session.state).toBe('Idle');
  expect(perform(a.speaker, { kind: 'enable', neighbor: '10.0.0.2' }, refuse)).toEqual({ ok: true });
  network.run(300);
  expect(a.speaker.neighbors[0]?.session.state).toBe('Established');
  expect(perform(a.speaker, { kind: 'enable', neighbor: '10.0.0.7' }, refuse)).toEqual({
    ok: false,
    words: '10.0.0.7 is not a neighbor',
  });
});

it('what an operator announces is told, and withdrawn again', () => {
  const { a, b, network } = pair(9);
  const refuse = () => 'not here';
  const announce = (prefix: string, attributes = {}) =>
    perform(a.speaker, { kind: 'announce', prefix, attributes }, refuse);
  expect(announce('10.50.0.0/24', { med: 7, asPath: [64999] })).toEqual({ ok: true });
  network.run(1);
  expect(bestPaths(b)).toContain('10.50.0.0/24 10.0.0.1 [65001 64999]');
  expect(announce('10.50.0.1/24')).toMatchObject({ ok: false });
  expect(announce('10.50.0.0/24', { nextHop: '2001:db8::1' })).toMatchObject({ ok: false });
  expect(announce('10.50.0.0/24', { communities: ['65000:70000'] })).toMatchObject({ ok: false });
  expect(perform(a.speaker, { kind: 'withdraw', prefix: '10.50.0.0/24' }, refuse)).toEqual({ ok: true });
  network.run(1);
  expect(bestPaths(b).join()).not.toContain('10.50');
  expect(perform(a.speaker, { kind: 'withdraw', prefix: '10.50.0.0/24' }, refuse)).toMatchObject({
    ok: false,
  });
});
