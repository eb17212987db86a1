import type { Path } from '../../bgp/attributes.ts';
import { IntRecords } from '../../bgp/rib/int-records.ts';

/** What is known of a path on the shelf without reading its octets, as bits; ORIGIN stands in the lowest two. */
export const fact = {
  /** The last 16 octets are an IPv6 next hop. */
  ipv6NextHop: 4,
  /** No octets say it: it is kept as an object. */
  odd: 8,
  /** As this router writes it, and not only as somebody sent it. */
  canonical: 16,
  extendedCommunities: 32,
  med: 64,
  localPref: 128,
  /** An AS_PATH of one sequence, or an empty one. */
  sequence: 256,
  /** Validated, without a fault, as the attributes of an UPDATE from a peer of that type. */
  soundFromEbgp: 1024,
  soundFromIbgp: 2048,
  soundFromConfed: 4096,
  /** ORIGINATOR_ID or CLUSTER_LIST. */
  reflected: 512,
  communities: 8192,
  aigp: 16384,
} as const;

/** The numbers in the record of a path: what decisions ask of it, where its octets are, how many times it is held. */
export const pathField = {
  bits: 0,
  hops: 1,
  firstAs: 2,
  med: 3,
  localPref: 4,
  /** For `ByteArena`. */
  place: 5,
  length: 6,
  held: 7,
} as const;

/** All that is said of paths in numbers, a record each. */
export class PathFacts extends IntRecords {
  constructor() {
    super(8);
  }

  has(number: number, bit: number): boolean {
    return (this.get(number, pathField.bits) & bit) !== 0;
  }

  /** 0: none; -1: not known without reading the path. */
  neighborAs(number: number): number {
    return this.has(number, fact.sequence) ? this.get(number, pathField.firstAs) >>> 0 : -1;
  }

  mark(number: number, bit: number): void {
    this.set(number, pathField.bits, this.get(number, pathField.bits) | bit);
  }

  note(number: number, path: Path, bits: number): void {
    const { asPath, med, localPref } = path;
    const sequence = asPath.rest !== null || asPath.count === 0;
    const communities = path.communities.length + path.largeCommunities.length > 0;
    const reflected = path.clusterList.length > 0 || path.originatorId !== null;
    this.set(
      number,
      pathField.bits,
      bits |
        path.origin |
        (path.extendedCommunities?.length ? fact.extendedCommunities : 0) |
        (med === null ? 0 : fact.med) |
        (localPref === null ? 0 : fact.localPref) |
        (sequence ? fact.sequence : 0) |
        (reflected ? fact.reflected : 0) |
        (path.aigp == null ? 0 : fact.aigp) |
        (communities ? fact.communities : 0),
    );
    this.set(number, pathField.hops, asPath.length);
    this.set(number, pathField.firstAs, asPath.neighborAs);
    this.set(number, pathField.med, med ?? 0);
    this.set(number, pathField.localPref, localPref ?? 0);
  }
}
