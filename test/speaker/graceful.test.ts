import { describe, expect, it } from 'vitest';
import { IPV4_UNICAST } from '../../src/bgp/wire/negotiated.ts';
import { logRecord } from '../../src/speaker/monitor/log.ts';
import { Caller, keepaliveBytes, messageBytes, openBytes } from './support/caller.ts';
import { frrConf } from './support/configs.ts';
import { bestPaths, VirtualNetwork, virtualSpeaker } from './support/virtual.ts';

const away = { restartTime: 60, restarted: false };
const back = { restartTime: 60, restarted: true };

function scene() {
  const network = new VirtualNetwork();
  const conf = (networks: readonly string[]) =>
    frrConf(65002, ['neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 timers connect 2'], networks);
  const start = (networks: readonly string[], graceful: typeof away | null) => {
    const b = virtualSpeaker(network, '10.0.0.2', conf(networks), { graceful });
    b.speaker.start();
    network.run(5);
    return b;
  };
  const a = virtualSpeaker(
    network,
    '10.0.0.1',
    frrConf(
      65001,
      ['neighbor 10.0.0.2 remote-as 65002', 'neighbor 10.0.0.2 passive'],
      ['network 10.1.0.0/16'],
    ),
  );
  a.speaker.start();
  return { network, a, start };
}

/** A peer of AS 65002 that asks to be waited for, with 10.4.0.0/16. */
function restarting(network: VirtualNetwork, notification: boolean): Caller {
  const gracefulRestart = { ...away, notification, families: [{ family: IPV4_UNICAST, forwarding: false }] };
  const caller = new Caller(network, '10.0.0.2', '10.0.0.1');
  network.run(0.1);
  caller.say(openBytes(65002, { capabilities: { multiprotocol: [IPV4_UNICAST], gracefulRestart } }));
  caller.say(keepaliveBytes());
  const attributes = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xea, 0x40, 3, 4, 10, 0, 0, 2];
  caller.say(messageBytes(2, [0, 0, 0, attributes.length, ...attributes, 16, 10, 4]));
  network.run(1);
  return caller;
}

describe('graceful restart (RFC 4724)', () => {
  it('the helper keeps the routes until the peer has said them again, and drops what it did not say', () => {
    const { network, a, start } = scene();
    const b = start(['network 10.2.0.0/16', 'network 10.3.0.0/16'], away);
    expect(bestPaths(a)).toHaveLength(3);
    b.speaker.leave();
    network.run(20);
    expect(a.speaker.neighbors[0]?.session.state).not.toBe('Established');
    expect(bestPaths(a)).toHaveLength(3);
    start(['network 10.2.0.0/16'], back);
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []', '10.2.0.0/16 10.0.0.2 [65002]']);
  });

  it('the routes of a peer that does not come back go when its time is over', () => {
    const { network, a, start } = scene();
    start(['network 10.2.0.0/16'], away).speaker.leave();
    network.run(55);
    expect(bestPaths(a)).toHaveLength(2);
    network.run(10);
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []']);
  });

  it('a peer that is back and never ends its talk loses what is stale after six minutes', () => {
    const { network, a } = scene();
    const capabilities = {
      multiprotocol: [IPV4_UNICAST],
      gracefulRestart: {
        ...back,
        notification: false,
        families: [{ family: IPV4_UNICAST, forwarding: true }],
      },
    };
    const call = () => {
      const caller = new Caller(network, '10.0.0.2', '10.0.0.1');
      network.run(0.1);
      caller.say(openBytes(65002, { capabilities }));
      caller.say(keepaliveBytes());
      network.run(1);
      return caller;
    };
    const first = call();
    const attributes = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xea, 0x40, 3, 4, 10, 0, 0, 2];
    first.say(messageBytes(2, [0, 0, 0, attributes.length, ...attributes, 16, 10, 4]));
    network.run(1);
    first.hangUp();
    network.run(10);
    const second = call();
    const talk = (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 20) {
        second.say(keepaliveBytes());
        network.run(20);
      }
    };
    talk(340);
    expect(bestPaths(a)).toContain('10.4.0.0/16 10.0.0.2 [65002]');
    talk(40);
    expect(a.speaker.neighbors[0]?.session.state).toBe('Established');
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []']);
  });

  it('a peer that did not ask for it is forgotten at once', () => {
    const { network, a, start } = scene();
    start(['network 10.2.0.0/16'], null).speaker.leave();
    network.run(1);
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []']);
  });

  it('what somebody stops is a hard reset, and forgotten at once (RFC 8538)', () => {
    const { network, a, start } = scene();
    const b = start(['network 10.2.0.0/16'], away);
    b.speaker.stop('moved to rack 9');
    network.run(1);
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []']);
    const [neighbor] = a.speaker.neighbors;
    const words =
      'NOTIFICATION received: Cease/hard reset: Cease/administrative shutdown: "moved to rack 9": ';
    const said = a.notes.flatMap((note) =>
      note.kind === 'received' && neighbor ? logRecord(neighbor, note).message : [],
    );
    expect(said).toEqual([`${words}the operator of the peer shut the session down`]);
  });

  it.each([
    ['a NOTIFICATION of a peer that said so keeps its routes (RFC 8538)', true, [3, 1], 2],
    ['of one that did not it ends them', false, [3, 1], 1],
    ['a hard reset ends them', true, [6, 9, 6, 4], 1],
    ['a hard reset without a word of what it is about too', true, [6, 9], 1],
  ])('%s', (_, notification, said, left) => {
    const { network, a } = scene();
    const caller = restarting(network, notification);
    expect(bestPaths(a)).toHaveLength(2);
    caller.say(messageBytes(3, said));
    network.run(1);
    expect(a.speaker.neighbors[0]?.session.state).not.toBe('Established');
    expect(bestPaths(a)).toHaveLength(left);
    network.run(70);
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []']);
  });

  it.each([
    ['the hold time of a peer that said so', true, 2],
    ['the hold time of one that did not', false, 1],
  ])('%s is over', (_, notification, left) => {
    const { network, a } = scene();
    const caller = restarting(network, notification);
    network.run(91);
    expect(caller.heard.at(-1)).toBe('Hold Timer Expired');
    expect(bestPaths(a)).toHaveLength(left);
  });

  it('who has restarted says nothing before its peers have said theirs', () => {
    const { a, start } = scene();
    const b = start(['network 10.2.0.0/16'], back);
    const kinds = b.notes.map(({ kind }) => kind);
    expect(kinds.indexOf('released')).toBeGreaterThan(kinds.indexOf('end-of-rib'));
    expect(b.speaker.defers).toBe(false);
    expect(bestPaths(a)).toContain('10.2.0.0/16 10.0.0.2 [65002]');
  });

  it('and does not wait for ever for one that is not there', () => {
    const network = new VirtualNetwork();
    const b = virtualSpeaker(network, '10.0.0.2', frrConf(65002, ['neighbor 10.0.0.1 remote-as 65001']), {
      graceful: back,
    });
    b.speaker.start();
    network.run(59);
    expect(b.speaker.defers).toBe(true);
    network.run(2);
    expect(b.speaker.defers).toBe(false);
  });
});
