import type { AsPath } from '../../bgp/as-path.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { PathStore } from '../../bgp/path-store.ts';

/** What is asked of AS_PATHs and attributes in every delivery, by their numbers. */
export interface Numbers {
  /** Four per AS_PATH: length, first AS, a bit for each AS in it, 1 where it is one sequence or empty. */
  asPaths: Int32Array;
  /** By attributes + 1: flags, and a number for the MED. */
  flags: Uint8Array;
  meds: Int32Array;
  readonly medNumbers: Map<number | null, number>;
}

/** Flags of attributes: noted; next hop is whoever sent it; and neither ORIGINATOR_ID nor CLUSTER_LIST; a MED that counts. */
const NOTED = 1;
export const OWN_HOP = 2;
export const PLAIN = 4;
export const HAS_MED = 8;

/**
 * V8 takes a field that was written once for a constant and throws away what it compiled when the table grows; hence everything is
 * written twice here.
 */
export function createNumbers(): Numbers {
  const numbers: Numbers = {
    ...{ asPaths: nothing, flags: new Uint8Array(0), meds: nothing, medNumbers: new Map() },
  };
  numbers.asPaths = new Int32Array(4 * 1024);
  numbers.flags = new Uint8Array(256);
  numbers.meds = new Int32Array(256);
  return numbers;
}

const nothing = new Int32Array(0);

export function grown(values: Int32Array<ArrayBuffer>, place: number): Int32Array<ArrayBuffer>;
export function grown(values: Int32Array, place: number): Int32Array;
export function grown(values: Int32Array, place: number): Int32Array {
  const longer = new Int32Array(Math.max(values.length * 2, place + 1));
  longer.set(values);
  return longer;
}

/** The bit that stands for an AS: a path without it does not hold the AS. */
export function bitOf(asn: number): number {
  return 1 << (Math.imul(asn, 0x9e3779b1) >>> 27);
}

/** Notes an AS_PATH that is about to be used by its number. */
export function noteAsPath(numbers: Numbers, asPath: AsPath): number {
  const at = asPath.id * 4;
  if (at >= numbers.asPaths.length) numbers.asPaths = grown(numbers.asPaths, at + 3);
  const { asPaths } = numbers;
  const { rest } = asPath;
  asPaths[at] = asPath.length;
  asPaths[at + 1] = asPath.neighborAs;
  if (rest !== null) {
    // Any path behind another was noted before it, or is walked through once.
    asPaths[at + 2] = bitOf(asPath.neighborAs) | bitsOf(rest);
    asPaths[at + 3] = 1;
  } else {
    asPaths[at + 2] = bitsOf(asPath);
    asPaths[at + 3] = asPath.count === 0 ? 1 : 0;
  }
  return asPath.id;
}

/** The same for one that was made of a noted sequence (or nothing) by putting an AS in front. */
export function noteLonger(numbers: Numbers, asPath: number, asn: number, longer: number): number {
  const [from, at] = [asPath * 4, longer * 4];
  if (at >= numbers.asPaths.length) numbers.asPaths = grown(numbers.asPaths, at + 3);
  const { asPaths } = numbers;
  asPaths[at] = (asPaths[from] ?? 0) + 1;
  asPaths[at + 1] = asn;
  asPaths[at + 2] = bitOf(asn) | (asPaths[from + 2] ?? 0);
  asPaths[at + 3] = 1;
  return longer;
}

function bitsOf(asPath: AsPath): number {
  let bits = 0;
  let at = asPath;
  for (; at.rest !== null; at = at.rest) bits |= bitOf(at.neighborAs);
  if (at.count > 0) for (const asn of at.asns) bits |= bitOf(asn);
  return bits;
}

/** Notes a path whose attributes are about to be used by their number; the answer is that number plus one. */
export function noteAttributes(numbers: Numbers, path: Path): number {
  const key = path.attributes + 1;
  if (key >= numbers.flags.length) {
    numbers.meds = grown(numbers.meds, key);
    const longer = new Uint8Array(numbers.meds.length);
    longer.set(numbers.flags);
    numbers.flags = longer;
  }
  if (numbers.flags[key] !== 0) return key;
  const own = path.nextHop === null && (path.destination ?? null) === null;
  const plain = own && path.originatorId === null && path.clusterList.length === 0;
  let med = numbers.medNumbers.get(path.med);
  if (med === undefined) {
    med = numbers.medNumbers.size;
    numbers.medNumbers.set(path.med, med);
  }
  numbers.flags[key] = NOTED | (own ? OWN_HOP : 0) | (plain ? PLAIN : 0) | (path.med ? HAS_MED : 0);
  numbers.meds[key] = med;
  return key;
}

export function asPathOf({ asPaths }: PathStore, number: number): AsPath {
  return asPaths.byId[number] ?? asPaths.empty;
}
