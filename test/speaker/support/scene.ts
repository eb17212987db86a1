import { expect } from 'vitest';
import { Caller, messageBytes } from './caller.ts';
import { frrConf } from './configs.ts';
import { bestPaths, VirtualNetwork, virtualSpeaker } from './virtual.ts';

/** A speaker with one good neighbor that is up, and a passive one at 10.0.0.9 for whoever calls. */
export function scene(lines: readonly string[] = []) {
  const network = new VirtualNetwork();
  const good = virtualSpeaker(
    network,
    '10.0.0.2',
    frrConf(
      65002,
      ['neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 passive'],
      ['network 10.2.0.0/16'],
    ),
  );
  const a = virtualSpeaker(
    network,
    '10.0.0.1',
    frrConf(65001, [
      'neighbor 10.0.0.2 remote-as 65002',
      'neighbor 10.0.0.9 remote-as 65009',
      'neighbor 10.0.0.9 passive',
      ...lines,
    ]),
  );
  good.speaker.start();
  a.speaker.start();
  network.run(5);
  const unharmed = () => {
    network.run(1);
    expect(a.speaker.neighbor('10.0.0.2')?.flaps).toEqual({ up: 1, down: 0 });
    expect(bestPaths(a)).toContain('10.2.0.0/16 10.0.0.2 [65002]');
  };
  const call = (from = '10.0.0.9') => {
    const caller = new Caller(network, from, '10.0.0.1');
    network.run(0.1);
    return caller;
  };
  return { network, a, call, unharmed };
}

/** An UPDATE that announces 10.9.0.0/16 with these attributes. */
export function update(attributes: readonly number[]): Uint8Array {
  return messageBytes(2, [0, 0, attributes.length >> 8, attributes.length & 255, ...attributes, 16, 10, 9]);
}

export const origin = [0x40, 1, 1, 0];
export const asPath = [0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xf1];
export const nextHop = [0x40, 3, 4, 10, 0, 0, 9];
