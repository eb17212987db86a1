import { describe, expect, it } from 'vitest';
import { notificationText } from '../../src/bgp/wire/notification.ts';
import { bestPaths, VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from './support/virtual.ts';

function config(asn: number, neighbors: string, networks: readonly string[] = []): string {
  return [
    `router bgp ${asn}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ...neighbors.split('\n').map((line) => ` ${line.trim()}`),
    ' address-family ipv4 unicast',
    ...networks.map((network) => `  network ${network}`),
    ' exit-address-family',
    '',
  ].join('\n');
}

function states({ speaker }: VirtualSpeaker): readonly string[] {
  return speaker.neighbors.map(({ session }) => session.state);
}

function notifications({ notes }: VirtualSpeaker): readonly string[] {
  return notes.flatMap((note) =>
    note.kind === 'sent' || note.kind === 'received'
      ? [`${note.kind} ${notificationText(note.notification)}`]
      : [],
  );
}

describe('two speakers', () => {
  it('that both connect keep one connection and exchange what they have', () => {
    const network = new VirtualNetwork();
    const a = virtualSpeaker(
      network,
      '10.0.0.1',
      config(65001, 'neighbor 10.0.0.2 remote-as 65002', ['10.1.0.0/16']),
    );
    const b = virtualSpeaker(
      network,
      '10.0.0.2',
      config(65002, 'neighbor 10.0.0.1 remote-as 65001', ['10.2.0.0/16']),
    );
    a.speaker.start();
    b.speaker.start();
    network.run(5);
    expect([states(a), states(b)]).toEqual([['Established'], ['Established']]);
    // Each end may be the first to find out which one has to go; that of the higher identifier stays (RFC 4271 6.8).
    const said = [...notifications(a), ...notifications(b)];
    expect(said.filter((text) => !/^(sent|received) Cease\/connection collision$/.test(text))).toEqual([]);
    expect(said).not.toEqual([]);
    expect([a, b].map(({ speaker }) => speaker.neighbors[0]?.session.direction)).toEqual([
      'incoming',
      'outgoing',
    ]);
    expect(bestPaths(a)).toEqual(['10.1.0.0/16 own []', '10.2.0.0/16 10.0.0.2 [65002]']);
    expect(bestPaths(b)).toEqual(['10.1.0.0/16 10.0.0.1 [65001]', '10.2.0.0/16 own []']);
  });

  it('say what is wrong with the AS, in both directions', () => {
    const network = new VirtualNetwork();
    const a = virtualSpeaker(network, '10.0.0.1', config(64512, 'neighbor 10.0.0.2 remote-as 65002'));
    const b = virtualSpeaker(
      network,
      '10.0.0.2',
      config(65002, 'neighbor 10.0.0.1 remote-as 65534\nneighbor 10.0.0.1 passive'),
    );
    a.speaker.start();
    b.speaker.start();
    network.run(1);
    expect(notifications(a)[0]).toBe('received OPEN Message Error/bad peer as');
    const sent = b.notes.find((note) => note.kind === 'sent');
    expect(sent).toMatchObject({ words: 'peer announced AS 64512, 65534 expected' });
  });

  it('drop what they had of each other when one says goodbye, and come back', () => {
    const network = new VirtualNetwork();
    const a = virtualSpeaker(
      network,
      '10.0.0.1',
      config(65001, 'neighbor 10.0.0.2 remote-as 65002\nneighbor 10.0.0.2 passive'),
    );
    const b = virtualSpeaker(
      network,
      '10.0.0.2',
      config(65002, 'neighbor 10.0.0.1 remote-as 65001', ['10.2.0.0/16']),
    );
    a.speaker.start();
    b.speaker.start();
    network.run(1);
    expect(bestPaths(a)).toHaveLength(1);
    b.speaker.stop('maintenance');
    network.run(1);
    expect(bestPaths(a)).toEqual([]);
    expect(notifications(a)).toEqual(['received Cease/administrative shutdown: "maintenance"']);
    for (const neighbor of b.speaker.neighbors) neighbor.start();
    network.run(300);
    expect(states(a)).toEqual(['Established']);
    expect(bestPaths(a)).toHaveLength(1);
  });

  it('a peer that falls silent is given up after the hold time', () => {
    const network = new VirtualNetwork();
    const text = config(
      65001,
      'neighbor 10.0.0.2 remote-as 65002\nneighbor 10.0.0.2 timers 3 9\nneighbor 10.0.0.2 passive',
    );
    const a = virtualSpeaker(network, '10.0.0.1', text);
    const b = virtualSpeaker(network, '10.0.0.2', config(65002, 'neighbor 10.0.0.1 remote-as 65001'));
    a.speaker.start();
    b.speaker.start();
    network.run(60);
    expect(states(a)).toEqual(['Established']);
    // Its connection hangs without a word.
    const connection = b.speaker.neighbors[0]?.session.connection;
    if (connection) connection.write = () => undefined;
    network.run(8);
    expect(states(a)).toEqual(['Established']);
    network.run(2);
    expect(notifications(a)).toEqual(['sent Hold Timer Expired']);
  });
});
