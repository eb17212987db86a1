import type { Path } from '../../bgp/attributes.ts';
import { IntColumn } from '../../bgp/rib/int-columns.ts';

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

/** What decisions ask of paths, as columns by number. */
export class PathFacts {
  readonly bits = new IntColumn();
  readonly hops = new IntColumn(1664);
  readonly firstAs = new IntColumn(1792);
  readonly med = new IntColumn(1920);
  readonly localPref = new IntColumn(1088);

  has(number: number, bit: number): boolean {
    return (this.bits.get(number) & bit) !== 0;
  }

  add(number: number, bit: number): void {
    this.bits.set(number, this.bits.get(number) | bit);
  }

  note(number: number, path: Path, bits: number): void {
    const { asPath, med, localPref } = path;
    const sequence = asPath.rest !== null || asPath.count === 0;
    const communities = path.communities.length + path.largeCommunities.length > 0;
    const reflected = path.clusterList.length > 0 || path.originatorId !== null;
    this.bits.set(
      number,
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
    this.hops.set(number, asPath.length);
    this.firstAs.set(number, asPath.neighborAs);
    this.med.set(number, med ?? 0);
    this.localPref.set(number, localPref ?? 0);
  }
}
