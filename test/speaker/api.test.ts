import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dispatch } from '../../src/speaker/api/dispatch.ts';
import { openApi } from '../../src/speaker/api/openapi.ts';
import { routes } from '../../src/speaker/api/routes.ts';
import type {
  AdjInRow,
  AdjOutRow,
  NeighborView,
  Page,
  RibRow,
  StatusView,
} from '../../src/speaker/api/types.ts';
import { metricsText } from '../../src/speaker/monitor/metrics.ts';
import { Monitor } from '../../src/speaker/monitor/monitor.ts';
import { perform } from '../../src/speaker/operation/perform.ts';
import { frrConf } from './support/configs.ts';
import { VirtualNetwork, virtualSpeaker } from './support/virtual.ts';

const policy = [
  'ip prefix-list two permit 10.2.0.0/16',
  'route-map in permit 10',
  ' match ip address prefix-list two',
  ' set local-preference 200',
];

function scene() {
  const network = new VirtualNetwork();
  const a = virtualSpeaker(
    network,
    '10.0.0.1',
    frrConf(
      65001,
      [
        'neighbor 10.0.0.2 remote-as 65002',
        'neighbor 10.0.0.3 remote-as 65003',
        'neighbor 10.0.0.2 description the other',
      ],
      ['network 10.1.0.0/16', 'neighbor 10.0.0.2 route-map in in'],
      policy,
    ),
  );
  const others = (
    [
      [2, 65002],
      [3, 65003],
    ] as const
  ).map(([host, asn]) =>
    virtualSpeaker(
      network,
      `10.0.0.${host}`,
      frrConf(
        asn,
        ['neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 passive'],
        ['network 10.2.0.0/16', `network 10.2${host}.0.0/16`],
      ),
    ),
  );
  for (const { speaker } of [a, ...others]) speaker.start();
  network.run(5);
  const { speaker } = a;
  const target = {
    name: 'r1',
    speaker,
    perform: (operation: Parameters<typeof perform>[1]) => perform(speaker, operation, () => 'no files here'),
  };
  const get = <View>(url: string) => dispatch(target, 'GET', url, '').body as View;
  const post = (url: string, body: unknown) => dispatch(target, 'POST', url, JSON.stringify(body));
  return { a, network, target, get, post };
}

describe('the control API shows', () => {
  it('the speaker at a glance', () => {
    expect(scene().get<StatusView>('/v1/status')).toMatchObject({
      name: 'r1',
      asn: 65001,
      neighbors: { configured: 2, established: 2 },
      tables: [
        { family: 'ipv4-unicast', prefixes: 3 },
        { family: 'ipv6-unicast', prefixes: 0 },
      ],
    });
  });

  it('neighbors with state, counters and timers', () => {
    const { neighbors } = scene().get<{ neighbors: readonly NeighborView[] }>('/v1/neighbors');
    expect(neighbors[0]).toMatchObject({
      name: '10.0.0.2',
      description: 'the other',
      remoteAs: 65002,
      state: 'Established',
      reason: null,
      timers: { holdTime: 180 },
      families: [{ family: 'ipv4-unicast', received: 2, accepted: 1, advertised: 2, endOfRib: true }],
    });
  });

  it('why a session is not up, in words', () => {
    const { get, post } = scene();
    post('/v1/neighbors/10.0.0.3/shutdown', { message: 'works' });
    expect(get<NeighborView>('/v1/neighbors/10.0.0.3')).toMatchObject({ state: 'Idle', reason: 'works' });
  });

  it('the table with what beat each loser', () => {
    const { rows } = scene().get<Page<RibRow>>('/v1/rib?prefix=10.2.0.0/16');
    expect(rows).toHaveLength(1);
    const paths = rows[0]?.paths.map(({ from, best, reason }) => [from, best, reason]);
    expect(paths).toEqual([
      ['10.0.0.2', true, null],
      ['10.0.0.3', false, 'local-preference 100 (default) against 200 of 10.0.0.2'],
    ]);
  });

  it('Adj-RIB-In before and after the policy, and Adj-RIB-Out', () => {
    const { get } = scene();
    const adjIn = get<Page<AdjInRow>>('/v1/neighbors/10.0.0.2/adj-in').rows;
    const shown = new Map(
      adjIn.map(({ prefix, accepted, refused }) => [prefix, accepted?.localPref ?? refused]),
    );
    expect(shown.get('10.2.0.0/16')).toBe(200);
    expect(shown.get('10.22.0.0/16')).toBe(
      'denied by policy: route-map in, no entry matches (seq 10 asks for prefix-list two: no entry holds it)',
    );
    const out = get<Page<AdjOutRow>>('/v1/neighbors/10.0.0.3/adj-out').rows;
    expect(out.map(({ prefix, sent }) => [prefix, sent.asPath, sent.nextHop])).toContainEqual([
      '10.2.0.0/16',
      '65001 65002',
      '10.0.0.2',
    ]);
  });

  it('long tables page by page', () => {
    const { get } = scene();
    const first = get<Page<RibRow>>('/v1/rib?limit=2');
    expect(first.rows).toHaveLength(2);
    const second = get<Page<RibRow>>(`/v1/rib?limit=2&after=${first.next}`);
    expect(new Set([...first.rows, ...second.rows].map(({ prefix }) => prefix)).size).toBe(3);
    expect(second.next).toBeNull();
  });
});

describe('the control API takes', () => {
  it('announcements and withdrawals', () => {
    const { get, post } = scene();
    expect(post('/v1/announce', { prefix: '10.9.0.0/16', med: 5, communities: ['65001:1'] }).status).toBe(
      200,
    );
    expect(get<Page<RibRow>>('/v1/rib?prefix=10.9.0.0/16').rows[0]?.paths[0]).toMatchObject({
      med: 5,
      best: true,
    });
    expect(post('/v1/withdraw', { prefix: '10.9.0.0/16' }).status).toBe(200);
    expect(get<Page<RibRow>>('/v1/rib?prefix=10.9.0.0/16').rows).toEqual([]);
  });

  it('resets that keep the session', () => {
    const { a, network, post } = scene();
    for (const how of ['in', 'out', 'both', 'refresh'])
      expect(post('/v1/neighbors/10.0.0.2/reset', { how }).status).toBe(200);
    network.run(5);
    expect(a.speaker.neighbors.map(({ flaps }) => flaps.down)).toEqual([0, 0]);
    expect(post('/v1/neighbors/10.0.0.2/reset', { how: 'hard', message: 'again' }).status).toBe(200);
    network.run(300);
    expect(a.speaker.neighbor('10.0.0.2')?.flaps).toEqual({ up: 2, down: 1 });
  });
});

describe('the control API refuses', () => {
  it.each([
    ['GET', '/v1/nothing', '', 404],
    ['DELETE', '/v1/status', '', 405],
    ['GET', '/v1/neighbors/10.0.0.77', '', 404],
    ['GET', '/v1/neighbors/%ff', '', 400],
    ['GET', '/v1/rib?color=red', '', 400],
    ['GET', '/v1/rib?limit=many', '', 400],
    ['GET', '/v1/rib?prefix=10.0.0.1/24', '', 400],
    ['GET', '/v1/rib?prefix=10.0.0.0/24&family=ipv6-unicast', '', 400],
    ['POST', '/v1/announce', '{', 400],
    ['POST', '/v1/announce', '{}', 400],
    ['POST', '/v1/announce', '[]', 400],
    ['POST', '/v1/announce', '{"prefix":"10.9.0.0/16","color":"red"}', 400],
    ['POST', '/v1/announce', '{"prefix":"10.9.0.0/16","med":"5"}', 400],
    ['POST', '/v1/announce', '{"prefix":"10.9.0.0/16","asPath":[0]}', 400],
    ['POST', '/v1/announce', '{"prefix":"nonsense"}', 409],
    ['POST', '/v1/announce', '{"prefix":"10.9.0.0/16","__proto__":{"med":1}}', 400],
    ['POST', '/v1/neighbors/10.0.0.2/reset', '{"how":"gently"}', 400],
    ['POST', '/v1/neighbors/10.0.0.2/start', '{"force":true}', 400],
  ])('%s %s %s', (method, url, body, status) => {
    const { target } = scene();
    const answer = dispatch(target, method, url, body);
    expect(answer.status).toBe(status);
    expect((answer.body as { error: string }).error).not.toBe('');
  });
});

describe('its description', () => {
  it('names every route', () => {
    const paths = openApi()['paths'] as Record<string, Record<string, unknown>>;
    for (const { method, path } of routes) expect(paths[path]).toHaveProperty(method.toLowerCase());
  });

  it('is kept in docs', () => {
    const kept = readFileSync(join(import.meta.dirname, '../../docs/speaker-openapi.json'), 'utf8');
    expect(kept).toBe(`${JSON.stringify(openApi(), null, 2)}\n`);
  });
});

describe('metrics', () => {
  it('have one HELP and TYPE per name, all samples of it together, and faults by kind', () => {
    const { a, network } = scene();
    const monitor = new Monitor(a.speaker.environment, () => undefined);
    a.speaker.stop('bye');
    network.run(1);
    for (const note of a.notes) monitor.note(null, note);
    const text = metricsText(a.speaker, monitor, {
      residentBytes: 1,
      heapBytes: 1,
      arrayBufferBytes: 1,
      cpuSeconds: 2,
      loopLagSeconds: 0,
    });
    const names = text
      .split('\n')
      .flatMap((line) => (line.startsWith('# TYPE ') ? (line.split(' ')[2] ?? '') : []));
    expect(new Set(names).size).toBe(names.length);
    const order = text
      .split('\n')
      .flatMap((line) => (/^[a-z]/.test(line) ? (line.split(/[{ ]/)[0] ?? '') : []));
    expect(order.filter((name, at) => name !== order[at - 1])).toEqual(names);
    expect(text).toContain(
      'fabricgen_bgp_peer_state{local_as="65001",peer="10.0.0.2",peer_as="65002",peer_type="ebgp"} 2\n',
    );
    expect(text).toContain('fabricgen_bgp_faults_total{kind="notification_sent",code="6/2"} 2\n');
  });
});
