import { describe, expect, it } from 'vitest';
import { attributeRows } from '../../../src/bgp/wire/attributes.ts';
import { capabilityRows } from '../../../src/bgp/wire/capabilities.ts';
import { isFault } from '../../../src/bgp/wire/fault.ts';
import type { Message } from '../../../src/bgp/wire/message.ts';
import { familyText } from '../../../src/bgp/wire/negotiated.ts';
import { knownFamilies } from '../../../src/bgp/wire/nlri/index.ts';
import { again, decodeWhole } from './support/again.ts';
import { fromJson, toJson } from './support/canonical.ts';
import { readVectors, sessionOf, type Vector, vectorFiles } from './support/vector-file.ts';

const files = vectorFiles().map((file) => [file, readVectors(file)] as const);
const all = files.flatMap(([, vectors]) => vectors);

function decoded({ hex, session }: Vector): Message {
  const message = decodeWhole(Uint8Array.from(Buffer.from(hex, 'hex')), sessionOf(session));
  if (isFault(message)) throw new Error(message.message);
  return message;
}

const messages = all.map(decoded);

describe('messages of other programs', () => {
  it('there are at least 150 different ones', () => {
    expect(new Set(all.map(({ hex }) => hex)).size).toBeGreaterThanOrEqual(150);
  });

  it.each(files)('%s: octets are what they mean', (_, vectors) => {
    for (const vector of vectors) expect(toJson(decoded(vector)), vector.origin).toBe(vector.json);
  });

  it.each(files)('%s: what they mean is written so that it is read the same', (_, vectors) => {
    for (const vector of vectors) {
      const message = fromJson(vector.json);
      expect(again(message, sessionOf(vector.session)), vector.origin).toEqual(decoded(vector));
    }
  });

  it('every attribute is among them', () => {
    const names = messages.flatMap((one) => (one.kind === 'update' ? Object.keys(one.attributes) : []));
    const expected = Object.keys(attributeRows).filter((name) => name !== 'mpReach' && name !== 'mpUnreach');
    expect([...new Set(names)].sort()).toEqual([...expected, 'unknown'].sort());
  });

  it('every capability is among them', () => {
    const names = messages.flatMap((one) => (one.kind === 'open' ? Object.keys(one.capabilities) : []));
    expect([...new Set(names)].sort()).toEqual(
      [...Object.keys(capabilityRows), 'multiprotocol', 'unknown'].sort(),
    );
  });

  it('every family is announced in them', () => {
    const keys = messages.flatMap((one) =>
      one.kind === 'update'
        ? one.announced.filter(({ nlri }) => nlri.length > 0).map(({ family }) => family)
        : [],
    );
    const without = knownFamilies.filter((family) => !keys.includes(family)).map(familyText);
    expect(without).toEqual([]);
  });

  it('every kind of message is among them', () => {
    expect([...new Set(messages.map(({ kind }) => kind))].sort()).toEqual([
      'notification',
      'open',
      'route-refresh',
      'update',
    ]);
  });
});
