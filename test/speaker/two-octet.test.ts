import { expect, it } from 'vitest';
import { Framer } from '../../src/bgp/wire/framing.ts';
import { encodeMessage } from '../../src/bgp/wire/message.ts';
import { IPV4_UNICAST } from '../../src/bgp/wire/negotiated.ts';
import { decodeUpdate } from '../../src/bgp/wire/update.ts';
import { perform } from '../../src/speaker/operation/perform.ts';
import { beforeOpen } from '../../src/speaker/session/agreement.ts';
import { addressOf, keepaliveBytes } from './support/caller.ts';
import { scene, update } from './support/scene.ts';
import { bestPaths } from './support/virtual.ts';

/** An OPEN of AS 65009 without the capability for 4-octet numbers. */
const open = encodeMessage(
  { kind: 'open', asn: 65009, holdTime: 90, identifier: 9, capabilities: { multiprotocol: [] } },
  beforeOpen,
).slice();
const origin = [0x40, 1, 1, 0];
/** 65009 23456 in two octets each, and 70000 in AS4_PATH. */
const asPath = [0x40, 2, 6, 2, 2, 0xfd, 0xf1, 0x5b, 0xa0];
const as4Path = [0xc0, 17, 6, 2, 1, 0, 1, 0x11, 0x70];
const nextHop = [0x40, 3, 4, 10, 0, 0, 9];

it('a peer of two octets: whole numbers come in and go out beside AS_TRANS (RFC 6793)', () => {
  const { network, a, unharmed } = scene();
  const framer = new Framer();
  const heard: ReturnType<typeof decodeUpdate>[] = [];
  const target = { address: addressOf('10.0.0.1'), port: 179, source: addressOf('10.0.0.9'), zone: null };
  const connection = network.environment(addressOf('10.0.0.9')).connect(target, {
    opened: () => undefined,
    bytes: (piece) => {
      for (const { type, body } of framer.push(piece).frames)
        if (type === 2)
          heard.push(decodeUpdate(body.slice(), { ...beforeOpen, families: new Set([IPV4_UNICAST]) }));
    },
    drained: () => undefined,
    closed: () => undefined,
  });
  network.run(1);
  connection.write(open);
  connection.write(keepaliveBytes());
  connection.write(update([...origin, ...asPath, ...nextHop, ...as4Path]));
  network.run(1);
  expect(bestPaths(a)).toContain('10.9.0.0/16 10.0.0.9 [65009 70000]');
  // What an operator announces with such a path is said to the peer in both forms.
  const announce = { kind: 'announce', prefix: '10.80.0.0/16', attributes: { asPath: [80_000] } } as const;
  expect(perform(a.speaker, announce, () => 'not here')).toEqual({ ok: true });
  network.run(1);
  expect(heard.at(-1)).toMatchObject({
    attributes: {
      asPath: [{ kind: 'sequence', asns: [65001, 23456] }],
      as4Path: [{ kind: 'sequence', asns: [65001, 80_000] }],
    },
  });
  unharmed();
});
