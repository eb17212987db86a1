import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { isFault } from '../../../../src/bgp/wire/fault.ts';
import { familyKey, type Negotiated } from '../../../../src/bgp/wire/negotiated.ts';
import { again, decodeWhole } from './again.ts';
import { toJson } from './canonical.ts';
import { readVectors, vectorFiles } from './vector-file.ts';

/** What a run of the fuzzer met. */
export interface FuzzCounts {
  readonly cases: number;
  /** Read, and written so that it is read the same. */
  readonly read: number;
  /** UPDATEs read with faults in them. */
  readonly withFaults: number;
  /** Refused: the session ends. */
  readonly refused: number;
}

const outcomes = new Set(['attribute-discard', 'treat-as-withdraw', 'session-reset']);

const families = new Set([familyKey(1, 1), familyKey(2, 1), familyKey(25, 70), familyKey(1, 128)]);

/** Sessions that differ in all that octets depend on. */
const sessions: readonly Negotiated[] = [true, false].flatMap((fourOctetAs) =>
  [new Set<number>(), families].map((addPath) => ({
    fourOctetAs,
    families,
    addPathReceive: addPath,
    addPathSend: addPath,
    extendedNextHop: new Set<number>(),
    maxLength: 65535,
  })),
);

/** Octets that are lengths, counts and flags more often than others. */
const telling = [0, 1, 2, 3, 4, 7, 8, 16, 24, 32, 33, 48, 64, 127, 128, 129, 255] as const;

/** A small generator of its own: the same seed gives the same cases, and ten million of them cost little. */
export function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** One to four changes: an octet, a bit, a piece left out, doubled, or taken from another message. */
function mutated(
  bytes: Uint8Array,
  others: readonly Uint8Array[],
  below: (limit: number) => number,
): Uint8Array {
  let list = Array.from(bytes);
  for (let times = below(4) + 1; times > 0; times--) {
    const at = below(list.length + 1);
    const count = below(8) + 1;
    const other = others[below(others.length)] ?? bytes;
    const from = below(other.length);
    switch (below(6)) {
      case 0:
        list[Math.min(at, list.length - 1)] = below(256);
        break;
      case 1:
        list[Math.min(at, list.length - 1)] = telling[below(telling.length)] ?? 0;
        break;
      case 2:
        list = [...list.slice(0, at), ...list.slice(at + count)];
        break;
      case 3:
        list = [...list.slice(0, at), ...list.slice(at, at + count), ...list.slice(at)];
        break;
      case 4:
        list = [...list.slice(0, at), ...other.slice(from, from + count * 4), ...list.slice(at)];
        break;
      default:
        list[Math.min(at, list.length - 1)] = (list[Math.min(at, list.length - 1)] ?? 0) ^ (1 << below(8));
    }
  }
  return Uint8Array.from(list.slice(0, 4000));
}

/** A message with a true header around any body; every fiftieth with a length that is 19 too low, and ends there where that can be one. */
function framed(type: number, body: Uint8Array, broken: boolean): Uint8Array {
  const bytes = new Uint8Array(19 + body.length).fill(0xff, 0, 16);
  bytes.set(body, 19);
  const length = broken ? body.length : bytes.length;
  bytes[16] = length >> 8;
  bytes[17] = length & 255;
  bytes[18] = type;
  return broken && length >= 19 ? bytes.subarray(0, length) : bytes;
}

/** Judges one message; throws with its octets where anything is not as promised. */
export function judge(bytes: Uint8Array, session: Negotiated): 'read' | 'faults' | 'refused' {
  try {
    const message = decodeWhole(bytes, session);
    if (isFault(message)) {
      if (message.outcome !== 'session-reset') throw new Error(`refused with ${message.outcome}`);
      return 'refused';
    }
    const faults = message.kind === 'update' ? message.faults : [];
    if (!faults.every(({ outcome }) => outcomes.has(outcome))) throw new Error('an unknown outcome');
    const back = again(message, session);
    if (!isDeepStrictEqual({ ...back, ...noFaults(back) }, { ...message, ...noFaults(message) }))
      throw new Error(`reads ${toJson(message)}, written and read again ${toJson(back)}`);
    return faults.length > 0 ? 'faults' : 'read';
  } catch (error) {
    const where = `session ${sessions.indexOf(session)}, ${Buffer.from(bytes).toString('hex')}`;
    throw new Error(`${error instanceof Error ? error.message : String(error)}: ${where}`);
  }
}

function noFaults(message: { readonly kind: string }): { readonly faults?: [] } {
  return message.kind === 'update' ? { faults: [] } : {};
}

/** So many mutated messages of the vectors; `progress` is told now and then. */
export function fuzz(
  cases: number,
  seed: number,
  progress: (done: number) => void = () => undefined,
): FuzzCounts {
  const below = generator(seed);
  const messages = vectorFiles()
    .flatMap((file) => readVectors(file))
    .map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex')));
  const bodies = messages.map((bytes) => bytes.subarray(19));
  const counts = { read: 0, faults: 0, refused: 0 };
  for (let done = 0; done < cases; done++) {
    const place = below(messages.length);
    const type = messages[place]?.[18] ?? 2;
    const body = mutated(bodies[place] ?? new Uint8Array(0), bodies, below);
    const session = sessions[below(sessions.length)];
    if (session) counts[judge(framed(below(40) === 0 ? below(7) : type, body, below(50) === 0), session)]++;
    if (done % 100_000 === 99_999) progress(done + 1);
  }
  return { cases, read: counts.read, withFaults: counts.faults, refused: counts.refused };
}

/** The same question to bodies that fast-check makes from nothing, which shrinks what it finds. */
export function fuzzFromNothing(cases: number, seed: number): void {
  const octet = fc.oneof(fc.constantFrom(...telling), fc.integer({ min: 0, max: 255 }));
  const body = fc.array(octet, { maxLength: 120 }).map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      body,
      fc.constantFrom(...sessions),
      (type, octets, session) => {
        judge(framed(type, octets, false), session);
      },
    ),
    { numRuns: cases, seed },
  );
}
