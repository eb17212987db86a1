import { expect, it } from 'vitest';
import { frrConf } from './support/configs.ts';
import { VirtualNetwork, virtualSpeaker } from './support/virtual.ts';

/** Both ends call at once, so that one connection loses the collision and has a penalty to wait for. */
function collided() {
  const network = new VirtualNetwork();
  const a = virtualSpeaker(network, '10.0.0.1', frrConf(65001, ['neighbor 10.0.0.2 remote-as 65002']));
  const b = virtualSpeaker(network, '10.0.0.2', frrConf(65002, ['neighbor 10.0.0.1 remote-as 65001']));
  for (const { speaker } of [a, b]) speaker.start();
  network.run(0.5);
  return { network, a, b };
}

it('a connection that lost the collision does not call beside the one that stays', () => {
  const { network, a, b } = collided();
  network.run(600);
  for (const { speaker, notes } of [a, b]) {
    expect(speaker.neighbors[0]?.session.state).toBe('Established');
    expect(notes.filter(({ kind }) => kind === 'sent').length).toBeLessThan(2);
  }
});

it('a speaker that was stopped right after a collision stays away', () => {
  const { network, a } = collided();
  a.speaker.stop('works');
  network.run(600);
  expect(a.speaker.neighbors[0]?.session.state).toBe('Idle');
  expect(a.speaker.neighbors[0]?.flaps.up).toBeLessThan(2);
});

it('a stop while a session waits for its penalty to be over is a stop', () => {
  const network = new VirtualNetwork();
  const a = virtualSpeaker(network, '10.0.0.1', frrConf(65001, ['neighbor 10.0.0.2 remote-as 64999']));
  const b = virtualSpeaker(
    network,
    '10.0.0.2',
    frrConf(65002, ['neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 passive']),
  );
  for (const { speaker } of [a, b]) speaker.start();
  network.run(0.5);
  expect(a.notes.some(({ kind }) => kind === 'sent')).toBe(true);
  a.speaker.stop('works');
  const before = a.notes.length;
  network.run(600);
  expect(a.notes.length).toBe(before);
});
