import { describe, expect, it } from 'vitest';
import { IPV4_UNICAST } from '../../src/bgp/wire/negotiated.ts';
import { adjInPage, adjOutPage, ribPage } from '../../src/speaker/api/table-views.ts';
import { frrConf } from './support/configs.ts';
import { VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from './support/virtual.ts';

const whole = { family: 'ipv4-unicast', prefix: null, longer: false, after: -1, limit: 100 } as const;
const [HUB, LEFT, RIGHT, FAR] = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] as const;

/** A hub that learns one network from two neighbours in one AS each and tells a fourth router; the hub's lines towards that one are given. */
function star(towardsFar: readonly string[], rightAs = 65003, farLines: readonly string[] = []) {
  const network = new VirtualNetwork();
  const remotes = [
    [LEFT, 65002],
    [RIGHT, rightAs],
    [FAR, 65004],
  ] as const;
  const hub = virtualSpeaker(
    network,
    HUB,
    frrConf(
      65001,
      ['bgp router-id 10.0.0.1', ...remotes.map(([address, asn]) => `neighbor ${address} remote-as ${asn}`)],
      towardsFar.map((line) => `neighbor ${FAR} ${line}`),
    ),
  );
  const end = (address: string, asn: number, lines: readonly string[]) =>
    virtualSpeaker(
      network,
      address,
      frrConf(asn, [`bgp router-id ${address}`, `neighbor ${HUB} remote-as 65001`], lines),
    );
  const left = end(LEFT, 65002, ['network 10.9.0.0/16']);
  const right = end(RIGHT, rightAs, ['network 10.9.0.0/16']);
  const far = end(FAR, 65004, farLines);
  const all = [hub, left, right, far];
  for (const { speaker } of all) speaker.start();
  network.run(60);
  return { network, hub, left, right, far };
}

function heard({ speaker }: VirtualSpeaker): readonly string[] {
  const [neighbor] = speaker.neighbors;
  if (!neighbor) return [];
  return adjInPage(speaker, neighbor, whole)
    .rows.map(({ prefix, pathId, received }) => `${prefix} ${pathId} [${received.asPath}]`)
    .sort();
}

describe('several paths for one destination (RFC 7911)', () => {
  it('are sent and held with identifiers where both ends agree', () => {
    const { far, hub } = star(['addpath-tx-all-paths']);
    expect(heard(far)).toEqual(['10.9.0.0/16 1 [65001 65002]', '10.9.0.0/16 2 [65001 65003]']);
    const session = far.speaker.neighbors[0]?.session.negotiated;
    expect([...(session?.addPathReceive ?? [])]).toEqual([IPV4_UNICAST]);
    expect([...(session?.addPathSend ?? [])]).toEqual([]);
    const told = hub.speaker.neighbor(FAR);
    expect(told && adjOutPage(hub.speaker, told, whole).rows.map(({ pathId }) => pathId)).toEqual([1, 2]);
  });

  it('are two candidates of one peer in the table of the other end', () => {
    const { far } = star(['addpath-tx-all-paths']);
    const [row] = ribPage(far.speaker, whole).rows;
    expect(row?.paths.map(({ from, pathId, best }) => ({ from, pathId, best }))).toEqual([
      { from: HUB, pathId: 1, best: true },
      { from: HUB, pathId: 2, best: false },
    ]);
  });

  it('go by the best of each neighbouring AS where that is configured', () => {
    expect(heard(star(['addpath-tx-bestpath-per-AS'], 65002).far)).toEqual(['10.9.0.0/16 1 [65001 65002]']);
    expect(heard(star(['addpath-tx-bestpath-per-AS']).far)).toHaveLength(2);
  });

  it('is one without identifier where the receiver does not take more', () => {
    const { far } = star(['addpath-tx-all-paths'], 65003, [`neighbor ${HUB} disable-addpath-rx`]);
    expect(heard(far)).toEqual(['10.9.0.0/16 0 [65001 65002]']);
  });

  it('leave one by one, and what stays keeps its identifier', () => {
    const { network, far, left, right } = star(['addpath-tx-all-paths']);
    left.speaker.stop('maintenance');
    network.run(5);
    expect(heard(far)).toEqual(['10.9.0.0/16 2 [65001 65003]']);
    left.speaker.start();
    network.run(120);
    expect(heard(far)).toEqual(['10.9.0.0/16 1 [65001 65002]', '10.9.0.0/16 2 [65001 65003]']);
    right.speaker.stop('maintenance');
    left.speaker.stop('maintenance');
    network.run(5);
    expect(heard(far)).toEqual([]);
  });

  it('are told as they come, also where the best one stays', () => {
    const { network, hub, far, right } = star(['addpath-tx-all-paths']);
    right.speaker.stop('maintenance');
    network.run(5);
    expect(heard(far)).toHaveLength(1);
    const told = hub.speaker.neighbor(FAR);
    const before = told?.session.counters.updatesSent ?? 0;
    right.speaker.start();
    network.run(120);
    expect(heard(far)).toHaveLength(2);
    expect(told?.session.counters.updatesSent).toBe(before + 1);
  });

  it('are said again after a route refresh, and counted as paths', () => {
    const { network, far, hub } = star(['addpath-tx-all-paths']);
    const told = hub.speaker.neighbor(FAR);
    const before = told?.session.counters.updatesSent ?? 0;
    far.speaker.neighbors[0]?.askAgain();
    network.run(5);
    expect(told?.session.counters.updatesSent).toBe(before + 2);
    expect(told?.members.get(IPV4_UNICAST)?.out.announced).toBe(2);
    expect(heard(far)).toHaveLength(2);
  });

  it('follow a change of policy without a word for what stays', () => {
    const { network, far, hub } = star(['addpath-tx-all-paths']);
    const told = hub.speaker.neighbor(FAR);
    const before = told?.session.counters.updatesSent ?? 0;
    told?.refresh({ in: false, out: true });
    network.run(5);
    expect(told?.session.counters.updatesSent).toBe(before);
    expect(heard(far)).toHaveLength(2);
  });
});
