import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Monitor } from '../../src/speaker/monitor/monitor.ts';
import { MOST_CALLS } from '../../src/speaker/neighbor/doorman.ts';
import { keepaliveBytes, messageBytes, openBytes } from './support/caller.ts';
import { asPath, nextHop, origin, scene, update } from './support/scene.ts';
import { bestPaths } from './support/virtual.ts';

describe('a hostile caller', () => {
  it.each([
    [
      'a bad marker',
      Uint8Array.from([...Array<number>(16).fill(0), 0, 19, 4]),
      'Message Header Error/not synchronized',
    ],
    [
      'a length of 18',
      Uint8Array.from([...Array<number>(16).fill(255), 0, 18, 4]),
      'Message Header Error/bad length',
    ],
    [
      'a length of 65535',
      Uint8Array.from([...Array<number>(16).fill(255), 255, 255, 2]),
      'Message Header Error/bad length',
    ],
    ['an unknown type', messageBytes(77, []), 'Message Header Error/bad type'],
    ['an OPEN of another AS', openBytes(65010), 'OPEN Message Error/bad peer as'],
    [
      'an OPEN with the identifier 0',
      openBytes(65009, { identifier: 0 }),
      'OPEN Message Error/bad identifier',
    ],
    [
      'an OPEN with a hold time of 1',
      openBytes(65009, { holdTime: 1 }),
      'OPEN Message Error/unacceptable hold time',
    ],
    ['a KEEPALIVE before its OPEN', keepaliveBytes(), 'Finite State Machine Error/open sent'],
    ['an UPDATE before its OPEN', update(origin), 'Finite State Machine Error/open sent'],
  ])('%s is answered and nobody else harmed', (_, bytes, answer) => {
    const { network, call, unharmed } = scene();
    const caller = call();
    caller.say(bytes);
    network.run(1);
    expect(caller.heard).toEqual(['message 1', answer]);
    expect(caller.closed).not.toBeNull();
    unharmed();
  });

  it('may send its octets one at a time', () => {
    const { network, a, call, unharmed } = scene();
    const caller = call();
    const attributes = [...origin, ...asPath, ...nextHop];
    const all = [...openBytes(65009), ...keepaliveBytes(), ...update(attributes)];
    for (const octet of all) caller.say(Uint8Array.of(octet));
    network.run(1);
    expect(a.speaker.neighbor('10.0.0.9')?.session.state).toBe('Established');
    expect(bestPaths(a)).toContain('10.9.0.0/16 10.0.0.9 [65009]');
    unharmed();
  });

  it.each([
    [
      'an ORIGIN of 9: withdrawn (RFC 7606 7.1)',
      [0x40, 1, 1, 9, ...asPath, ...nextHop],
      'treat-as-withdraw 3/6',
    ],
    ['no NEXT_HOP: withdrawn', [...origin, ...asPath], 'treat-as-withdraw 3/3'],
    [
      'a MED of 3 octets: withdrawn',
      [...origin, ...asPath, ...nextHop, 0x80, 4, 3, 0, 0, 0],
      'treat-as-withdraw 3/5',
    ],
    [
      'a NEXT_HOP of 0.0.0.0: withdrawn (RFC 4271 6.3)',
      [...origin, ...asPath, 0x40, 3, 4, 0, 0, 0, 0],
      'treat-as-withdraw 3/8',
    ],
  ])('%s, and the session stays', (_, attributes, kind) => {
    const { network, a, call, unharmed } = scene();
    const monitor = new Monitor(a.speaker.environment, () => undefined);
    const caller = call();
    caller.say(openBytes(65009));
    caller.say(keepaliveBytes());
    caller.say(update(attributes));
    network.run(1);
    for (const note of a.notes) monitor.note(null, note);
    expect([...monitor.faults.keys()][0]).toBe(kind);
    expect(a.speaker.neighbor('10.0.0.9')?.session.state).toBe('Established');
    expect(bestPaths(a).join()).not.toContain('10.9.0.0/16');
    unharmed();
  });

  it('that says nothing is let go after four minutes (RFC 4271 8.2.2)', () => {
    const { network, call, unharmed } = scene();
    const caller = call();
    network.run(230);
    expect(caller.closed).toBeNull();
    network.run(20);
    expect(caller.heard).toEqual(['message 1', 'Hold Timer Expired']);
    expect(caller.closed).not.toBeNull();
    unharmed();
  });

  it('that nobody knows is turned away before a word is said', () => {
    const { a, call, unharmed } = scene();
    const caller = call('10.0.0.77');
    expect([caller.heard, caller.closed]).toEqual([[], 'connection reset']);
    expect(a.notes.at(-1)).toMatchObject({
      kind: 'refused',
      address: '10.0.0.77',
      words: 'nobody here knows it',
    });
    unharmed();
  });

  it('that calls on and on is not listened to for a while', () => {
    const { network, a, call, unharmed } = scene();
    for (let n = 0; n < 100; n++) call('10.0.0.77');
    const refused = a.notes.flatMap((note) => (note.kind === 'refused' ? note.words : []));
    expect(refused.filter((words) => words === 'it calls too often')).toHaveLength(100 - MOST_CALLS);
    network.run(61);
    call('10.0.0.77');
    expect(a.notes.at(-1)).toMatchObject({ words: 'nobody here knows it' });
    unharmed();
  });

  it('floods one neighbor with OPENs: two connections at most, the session of others untouched', () => {
    const { a, call, unharmed } = scene();
    const callers = Array.from({ length: 15 }, () => {
      const caller = call();
      caller.say(openBytes(65009));
      return caller;
    });
    expect(callers.filter(({ closed }) => closed === null).length).toBeLessThanOrEqual(2);
    expect(a.speaker.neighbors).toHaveLength(2);
    unharmed();
  });

  it('whatever it sends, the speaker answers and goes on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, established) => {
        const { network, call, unharmed } = scene();
        const caller = call();
        if (established) {
          caller.say(openBytes(65009));
          caller.say(keepaliveBytes());
        }
        caller.say(messageBytes(2, [...bytes]));
        caller.say(bytes);
        network.run(1);
        unharmed();
      }),
      { numRuns: 60 },
    );
  });
});

describe('route refresh', () => {
  /** An OPEN with both refresh capabilities, one route, and what is heard after a request. */
  function refreshed() {
    const { network, a, call } = scene([
      'address-family ipv4 unicast',
      ' network 10.1.0.0/16',
      'exit-address-family',
    ]);
    const caller = call();
    caller.say(
      openBytes(65009, {
        capabilities: { multiprotocol: [], routeRefresh: true, enhancedRouteRefresh: true },
      }),
    );
    caller.say(keepaliveBytes());
    caller.say(update([...origin, ...asPath, ...nextHop]));
    network.run(1);
    caller.heard.length = 0;
    return { network, a, caller };
  }
  const mark = (subtype: number) => messageBytes(5, [0, 1, subtype, 1]);

  it('a request is answered between marks, with all there is (RFC 7313)', () => {
    const { network, caller } = refreshed();
    caller.say(mark(0));
    network.run(1);
    expect(caller.heard[0]).toBe('message 5');
    expect(caller.heard.at(-1)).toBe('message 5');
    expect(caller.heard.filter((one) => one === 'message 2').length).toBeGreaterThan(0);
  });

  it.each([
    ['to be applied at once', [1, 64, 0, 9, 0, 0, 0, 0, 5, 24, 24, 16, 10]],
    ['to be applied later', [2, 64, 0, 1, 0x80]],
    ['cut short', [1, 64, 0, 200, 0]],
  ])('outbound filters %s were never offered: everything is said (RFC 5291)', (_, filters) => {
    const { network, a, caller } = refreshed();
    caller.say(messageBytes(5, [0, 1, 0, 1, ...filters]));
    network.run(1);
    expect(caller.heard.filter((one) => one === 'message 2').length).toBeGreaterThan(0);
    expect(a.speaker.neighbor('10.0.0.9')?.session.state).toBe('Established');
  });

  it('what does not stand between the marks of the peer is gone', () => {
    const { network, a, caller } = refreshed();
    expect(bestPaths(a)).toContain('10.9.0.0/16 10.0.0.9 [65009]');
    caller.say(mark(1));
    network.run(1);
    expect(bestPaths(a)).toContain('10.9.0.0/16 10.0.0.9 [65009]');
    caller.say(mark(2));
    network.run(1);
    expect(bestPaths(a).join()).not.toContain('10.9.0.0/16');
    expect(caller.heard).toEqual([]);
  });

  it('a mark of a wrong length ends the session', () => {
    const { network, caller } = refreshed();
    caller.say(messageBytes(5, [0, 1, 1, 1, 0]));
    network.run(1);
    expect(caller.heard).toEqual(['ROUTE-REFRESH Message Error/invalid length']);
  });
});

describe('listen ranges', () => {
  const range = [
    'neighbor dyn peer-group',
    'neighbor dyn remote-as external',
    'bgp listen limit 3',
    'bgp listen range 10.0.0.0/24 peer-group dyn',
  ];

  it('take callers up to their limit and forget them when they are gone', () => {
    const { network, a, call, unharmed } = scene(range);
    const callers = [20, 21, 22].map((host) => {
      const caller = call(`10.0.0.${host}`);
      caller.say(openBytes(65020));
      caller.say(keepaliveBytes());
      return caller;
    });
    network.run(1);
    expect(a.speaker.neighbors.filter((one) => one.dynamic && one.establishedAt !== null)).toHaveLength(3);
    const late = call('10.0.0.23');
    expect(late.closed).not.toBeNull();
    expect(a.notes.at(-1)).toMatchObject({ words: '3 dynamic neighbors are the limit' });
    callers[0]?.hangUp();
    network.run(1);
    expect(a.speaker.neighbors.filter((one) => one.dynamic)).toHaveLength(2);
    const next = call('10.0.0.23');
    next.say(openBytes(65023));
    network.run(1);
    expect(next.heard).toContain('message 1');
    unharmed();
  });

  it('keep no neighbor whose OPEN was wrong', () => {
    const { network, a, call } = scene(range);
    call('10.0.0.20').say(openBytes(65001));
    network.run(1);
    expect(a.speaker.neighbors.filter((one) => one.dynamic)).toEqual([]);
  });
});
