import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/base/ip.ts';
import { Monitor } from '../../src/speaker/monitor/monitor.ts';
import { keepaliveBytes, messageBytes, openBytes } from './support/caller.ts';
import { asPath, nextHop, origin, scene, update } from './support/scene.ts';
import { bestPaths } from './support/virtual.ts';

const sound = [...origin, ...asPath, ...nextHop];

/** An UPDATE with this field of attributes, and these octets as destinations. */
function updateOf(attributes: readonly number[], nlri: readonly number[] = [16, 10, 9]): Uint8Array {
  return messageBytes(2, [0, 0, attributes.length >> 8, attributes.length & 255, ...attributes, ...nlri]);
}

/** An attribute with a length of two octets. */
function long(flags: number, code: number, value: readonly number[]): readonly number[] {
  return [flags | 0x10, code, value.length >> 8, value.length & 255, ...value];
}

function repeat(times: number, octets: readonly number[]): readonly number[] {
  return Array.from({ length: times }, () => octets).flat();
}

/** A hostile neighbor whose session is up, beside a good one; what was counted so far. */
function session(extended = false) {
  const all = scene();
  const caller = all.call();
  const capabilities = {
    multiprotocol: [],
    fourOctetAs: 65009,
    ...(extended ? { extendedMessage: true as const } : {}),
  };
  caller.say(openBytes(65009, { capabilities }));
  caller.say(keepaliveBytes());
  all.network.run(1);
  caller.heard.length = 0;
  const neighbor = all.a.speaker.neighbor('10.0.0.9');
  const counted = () => {
    const monitor = new Monitor(all.a.speaker.environment, () => undefined);
    for (const note of all.a.notes) monitor.note(neighbor, note);
    return [...monitor.faults].map(([kind, times]) => `${kind} ${times}`);
  };
  return { ...all, caller, neighbor, counted };
}

describe('an UPDATE that breaks the session', () => {
  const mp = (value: readonly number[], code = 14) => [0x80, code, value.length, ...value];
  it.each([
    ['withdrawn destinations longer than the message', messageBytes(2, [0, 200, 0, 0, 16, 10, 9]), '3/1'],
    ['attributes longer than the message', messageBytes(2, [0, 0, 0, 200, ...sound]), '3/1'],
    ['an IPv4 destination of 33 bits', updateOf(sound, [33, 10, 9, 0, 0, 0]), '3/10'],
    ['a destination that does not end', updateOf(sound, [24, 10, 9]), '3/10'],
    ['a withdrawn destination that does not end', messageBytes(2, [0, 2, 24, 10, 0, 0]), '3/10'],
    ['MP_REACH_NLRI twice', updateOf([...sound, ...repeat(2, mp([0, 1, 1, 4, 10, 0, 0, 9, 0]))]), '3/1'],
    ['a next hop longer than MP_REACH_NLRI', updateOf([...sound, ...mp([0, 2, 1, 200, 0])]), '3/5'],
    ['MP_UNREACH_NLRI without a family', updateOf([...sound, ...mp([0], 15)]), '3/5'],
  ])('%s', (_, bytes, code) => {
    const { network, caller, a, counted, unharmed } = session();
    caller.say(bytes);
    network.run(1);
    expect(caller.closed).not.toBeNull();
    expect(caller.heard.at(-1)).toMatch(/^UPDATE Message Error\//);
    expect(counted()).toContain(`notification_sent ${code} 1`);
    expect(bestPaths(a).join()).not.toContain('10.9.0.0/16');
    unharmed();
  });
});

describe('an UPDATE whose routes are withdrawn, and whose session stays (RFC 7606)', () => {
  it.each([
    ['an attribute longer than the attributes', [...sound, 0xc0, 8, 200, 0, 1], '3/5'],
    ['an attribute whose head does not end', [...sound, 0xc0], '3/5'],
    [
      'an AS_PATH whose segment says more than there is',
      [...origin, 0x40, 2, 6, 2, 9, 0, 0, 0xfd, 0xf1, ...nextHop],
      '3/11',
    ],
    [
      'AS 0 in the AS_PATH (RFC 7607)',
      [...origin, 0x40, 2, 10, 2, 2, 0, 0, 0xfd, 0xf1, 0, 0, 0, 0, ...nextHop],
      '3/11',
    ],
    ['a thousand empty segments', [...origin, ...long(0x40, 2, repeat(1000, [2, 0])), ...nextHop], '3/11'],
    ['COMMUNITIES of 3,601 octets', [...sound, ...long(0xc0, 8, repeat(3601, [1]))], '3/5'],
    ['an unknown attribute that is said to be well-known', [...sound, 0x40, 99, 1, 0], '3/2'],
    [
      'IPv4 destinations over an IPv6 next hop that nobody agreed on (RFC 8950)',
      [
        ...[0x80, 14, 24, 0, 1, 1, 16, 0x20, 1, 13, 0xb8, ...repeat(11, [0]), 1, 0, 16, 10, 9],
        ...[...origin, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xf1],
      ],
      '3/8',
      [],
    ],
  ])('%s', (_, attributes, code, nlri?: number[]) => {
    const { network, caller, a, neighbor, counted, unharmed } = session();
    caller.say(updateOf(sound));
    network.run(1);
    expect(bestPaths(a)).toContain('10.9.0.0/16 10.0.0.9 [65009]');
    caller.say(updateOf(attributes, nlri));
    network.run(1);
    expect(counted()).toContain(`treat-as-withdraw ${code} 1`);
    expect(bestPaths(a).join()).not.toContain('10.9.0.0/16');
    expect(neighbor?.session.state).toBe('Established');
    unharmed();
  });

  it('a path through the own AS is held and not used', () => {
    const { network, caller, a, neighbor, unharmed } = session();
    caller.say(updateOf([...origin, 0x40, 2, 10, 2, 2, 0, 0, 0xfd, 0xf1, 0, 0, 0xfd, 0xe9, ...nextHop]));
    network.run(1);
    expect(bestPaths(a).join()).not.toContain('10.9.0.0/16');
    const table = a.speaker.tables.get('ipv4-unicast')?.table;
    expect(table?.countOf(neighbor?.number ?? 0)).toEqual({ received: 1, accepted: 0 });
    unharmed();
  });
});

describe('an UPDATE of which something is left out (RFC 7606)', () => {
  it.each([
    ['AGGREGATOR of AS 0 (RFC 7607)', [0xc0, 7, 8, 0, 0, 0, 0, 10, 0, 0, 9], 'attribute-discard 3/9 1'],
    ['the same unknown attribute 1,200 times', repeat(1200, [0xc0, 99, 0]), 'attribute-discard 3/1 1'],
    ['every attribute there is', Array.from({ length: 100 }, (_, n) => [0xc0, 100 + n, 1, n]).flat(), null],
  ])('%s: the route is used', (_, attributes, counts) => {
    const { network, caller, a, counted, unharmed } = session();
    caller.say(updateOf([...sound, ...attributes]));
    network.run(1);
    expect(bestPaths(a)).toContain('10.9.0.0/16 10.0.0.9 [65009]');
    expect(counted().filter((one) => !one.startsWith('notification'))).toEqual(
      counts === null ? [] : [counts],
    );
    unharmed();
  });
});

describe('messages of 65,535 octets', () => {
  const most = 65_535 - 19 - 4 - 3 - sound.length;
  const attributes = [...sound, ...long(0xc0, 99, repeat(most - 4, [7]))];

  it('are read where both ends agreed on them (RFC 8654), and told nobody who did not', () => {
    const { network, caller, a, neighbor, unharmed } = session(true);
    const bytes = updateOf(attributes);
    expect(bytes).toHaveLength(65_535);
    caller.say(bytes);
    network.run(1);
    expect(neighbor?.session.state).toBe('Established');
    expect(bestPaths(a)).toContain('10.9.0.0/16 10.0.0.9 [65009]');
    unharmed();
  });

  it('end the session where they did not', () => {
    const { network, caller, unharmed } = session();
    caller.say(updateOf(attributes));
    network.run(1);
    expect(caller.heard).toEqual(['Message Header Error/bad length']);
    unharmed();
  });

  it('may hold twenty thousand attributes: two lines of the log at most', () => {
    const { network, caller, counted, unharmed } = session(true);
    caller.say(updateOf([...sound, ...repeat(20_000, [0xc0, 99, 0])]));
    network.run(1);
    expect(counted()).toEqual(['attribute-discard 3/1 1']);
    unharmed();
  });

  it('do not exist for an OPEN or a KEEPALIVE', () => {
    const { network, caller, unharmed } = session(true);
    caller.say(messageBytes(4, repeat(100, [0])));
    network.run(1);
    expect(caller.heard).toEqual(['Message Header Error/bad length']);
    unharmed();
  });
});

/** An OPEN of AS 65009 with these octets as its optional parameters. */
function openWith(parameters: readonly number[], extended = false): Uint8Array {
  const { length } = parameters;
  const head = extended ? [255, 255, length >> 8, length & 255] : [length];
  return messageBytes(1, [4, 0xfd, 0xf1, 0, 90, 10, 0, 0, 9, ...head, ...parameters]);
}

describe('an OPEN', () => {
  const bad = 'OPEN Message Error/';
  it.each([
    [
      'with parameters longer than itself',
      messageBytes(1, [4, 0xfd, 0xf1, 0, 90, 10, 0, 0, 9, 200, 2, 0]),
      bad,
    ],
    ['with octets behind its parameters', messageBytes(1, [4, 0xfd, 0xf1, 0, 90, 10, 0, 0, 9, 0, 2, 0]), bad],
    ['with a parameter longer than the parameters', openWith([2, 40, 2, 0]), bad],
    ['with a capability longer than its parameter', openWith([2, 2, 65, 4]), bad],
    ['with a parameter that nobody knows', openWith([77, 1, 0]), bad],
    [
      'with a longer form whose length leads outside',
      messageBytes(1, [4, 0xfd, 0xf1, 0, 90, 10, 0, 0, 9, 255, 255, 9, 0]),
      bad,
    ],
    ['of AS 0 (RFC 7607)', messageBytes(1, [4, 0, 0, 0, 90, 10, 0, 0, 9, 0]), `${bad}bad peer as`],
    ['of AS 0 in its capability', openWith([2, 6, 65, 4, 0, 0, 0, 0]), `${bad}bad peer as`],
    [
      'of BGP version 3',
      messageBytes(1, [3, 0xfd, 0xf1, 0, 90, 10, 0, 0, 9, 0]),
      `${bad}unsupported version`,
    ],
  ])('%s is refused', (_, bytes, words) => {
    const { network, call, unharmed } = scene();
    const caller = call();
    caller.say(bytes);
    network.run(1);
    expect(caller.heard).toEqual(['message 1', expect.stringContaining(words)]);
    expect(caller.closed).not.toBeNull();
    unharmed();
  });

  it.each([
    ['capabilities that nobody knows, a thousand of them', repeat(1000, [200, 0])],
    ['the same capability a thousand times', repeat(600, [65, 4, 0, 0, 0xfd, 0xf1])],
    [
      'all families there could be',
      Array.from({ length: 600 }, (_, n) => [1, 4, n >> 8, n & 255, 0, 1]).flat(),
    ],
    [
      'capabilities of wrong lengths',
      [...repeat(50, [1, 1, 0]), ...repeat(50, [64, 1, 0]), ...repeat(50, [69, 3, 0, 1, 1])],
    ],
  ])('with %s is read, and little of it kept', (_, capabilities) => {
    const { network, a, call, unharmed } = scene();
    const caller = call();
    const longer = [2, capabilities.length >> 8, capabilities.length & 255, ...capabilities];
    caller.say(openWith(longer, true));
    caller.say(keepaliveBytes());
    network.run(1);
    expect(caller.heard.slice(0, 2)).toEqual(['message 1', 'message 4']);
    const { session } = a.speaker.neighbor('10.0.0.9') ?? {};
    expect(session?.peerOpen?.capabilities.unknown?.length ?? 0).toBeLessThanOrEqual(64);
    unharmed();
  });

  it('that comes twice ends the session (RFC 6608)', () => {
    const { network, caller, unharmed } = session();
    caller.say(openBytes(65009));
    network.run(1);
    expect(caller.heard).toEqual(['Finite State Machine Error/established']);
    unharmed();
  });
});

describe('a peer that is half there', () => {
  it('falls silent in the middle of a message: the hold time ends it, not the message', () => {
    const { network, caller, unharmed } = session();
    caller.say(updateOf(sound).slice(0, 30));
    network.run(60);
    // Octets are no message: they hold nothing up.
    caller.say(Uint8Array.of(0));
    network.run(40);
    expect(caller.heard.at(-1)).toBe('Hold Timer Expired');
    expect(caller.closed).not.toBeNull();
    unharmed();
  });

  it('says its OPEN and nothing more: the hold time of the OPEN counts', () => {
    const { network, call, unharmed } = scene();
    const caller = call();
    caller.say(openBytes(65009));
    network.run(100);
    expect(caller.heard.at(-1)).toBe('Hold Timer Expired');
    unharmed();
  });

  it('takes nothing for eight minutes while it talks on: its session ends (RFC 9687)', () => {
    const { network, a, unharmed } = scene();
    const written: number[] = [];
    let closed = false;
    const remote = parseAddress('10.0.0.9');
    const local = parseAddress('10.0.0.1');
    const events = a.speaker.accept({
      local,
      remote,
      backlog: 1,
      write: (bytes) => written.push(bytes.length),
      close: () => {
        closed = true;
      },
    });
    events?.bytes(openBytes(65009));
    events?.bytes(keepaliveBytes());
    for (let seconds = 0; seconds < 470; seconds += 10) {
      network.run(10);
      events?.bytes(keepaliveBytes());
    }
    expect(closed).toBe(false);
    network.run(30);
    expect(closed).toBe(true);
    const sent = a.notes.flatMap((note) => (note.kind === 'sent' ? [note.notification.code] : []));
    expect(sent).toEqual([8]);
    unharmed();
  });
});

describe('faults without end', () => {
  it('are all counted, and few of them said: the log says how many were not', () => {
    const { network, a, caller, neighbor, unharmed } = session();
    const said: string[] = [];
    const monitor = new Monitor(a.speaker.environment, ({ level, message }) => {
      if (level !== 'debug') said.push(message);
    });
    const faults = () => {
      const first = a.notes.length;
      for (let n = 0; n < 500; n++) caller.say(update([...origin, ...asPath]));
      network.run(1);
      for (const note of a.notes.slice(first)) monitor.note(neighbor, note);
    };
    faults();
    expect(said).toHaveLength(20);
    network.run(20);
    caller.say(keepaliveBytes());
    faults();
    expect(said).toHaveLength(40);
    expect(said[20]).toBe('the UPDATE has no NEXT_HOP (treat-as-withdraw); 480 more before it');
    expect(monitor.faults.get('treat-as-withdraw 3/3')).toBe(1000);
    unharmed();
  });
});
