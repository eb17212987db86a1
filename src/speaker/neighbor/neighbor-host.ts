import type { FamilyName, TableFamily } from '../../base/family.ts';
import type { Address } from '../../base/ip.ts';
import type { Router } from '../../bgp/router.ts';
import type { Fault } from '../../bgp/wire/fault.ts';
import type { FamilyKey } from '../../bgp/wire/negotiated.ts';
import type { CarriedTables } from '../carried/carried-tables.ts';
import type { Environment } from '../environment.ts';
import type { GracefulSettings } from '../session/our-open.ts';
import type { DownReason, SessionNote } from '../session/session-owner.ts';
import type { Tables } from '../tables/tables.ts';
import type { Neighbor } from './neighbor.ts';

/** What a neighbor shares with the others of its speaker. */
export interface NeighborHost {
  readonly environment: Environment;
  readonly router: Router;
  readonly tables: ReadonlyMap<FamilyName, Tables>;
  readonly carried: ReadonlyMap<FamilyKey, CarriedTables>;
  /** null: the peers forget us when we go. */
  readonly graceful: GracefulSettings | null;
  /** After a restart nothing is said before the peers have said theirs (RFC 4724 4.1). */
  readonly defers: boolean;
  /** The own address of a family on the way to the peer, for next hops of the other family than the session's. */
  ownAddress(family: 4 | 6, session: Address | null): Address | null;
  /** An address of an interface, to speak from (`update-source eth0`). */
  interfaceAddress(name: string, family: 4 | 6): Address | null;
  log(neighbor: Neighbor, note: NeighborNote): void;
  /** An UPDATE was dealt with to its end. */
  updateTaken(): void;
  /** A neighbor that nobody configured (a listen range) is gone for good. */
  gone(neighbor: Neighbor): void;
}

export type NeighborNote =
  | SessionNote
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly reason: DownReason }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'end-of-rib'; readonly family: TableFamily }
  /** Its routes are kept for so many seconds (RFC 4724). */
  | { readonly kind: 'stale'; readonly family: TableFamily; readonly seconds: number }
  | { readonly kind: 'configured'; readonly words: string };

/** What a refresh looks at again: what the peer said, what it is told. */
export interface Again {
  readonly in: boolean;
  readonly out: boolean;
}
