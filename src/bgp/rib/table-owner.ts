import type { Path } from '../attributes.ts';
import type { Peer } from '../peer.ts';
import type { PathHolder } from './rib-out.ts';
import type { MedFacts } from './route-entries.ts';

/** What a table asks of its owner. Paths go by numbers that stand for them as long as they are held. */
export interface TableOwner extends PathHolder, MedFacts {
  /** Phase 1 for one route: the number of the path as accepted, 0: refused. */
  imported(peer: number, place: number, wire: number): number;
  /** By number; it is there as long as an entry names it. */
  path(id: number): Path;
  /** The same for a decision: it may be a view whose fields are not its own, and which is used again for the next path in the same slot (0, 1, ...). */
  glance(id: number, slot: number): Path;
  /** By number; null: this router itself. */
  peer(number: number): Peer | null;
  /** Why traffic for this path cannot be forwarded, and how far its next hop is; null: every path can be used, and none is far. */
  readonly reach:
    | ((path: Path, peer: Peer | null) => { readonly invalid: string | null; readonly metric: number })
    | null;
  /** The best path of a destination is another one, or none. */
  changed(place: number): void;
  /** A destination was decided: what is used together with the best path may be another now. */
  decided?(place: number): void;
  /** Routes that are gone are still to be taken out of their destinations: `removeGone` wants to be called, until it has no more. */
  gone(): void;
}

/** The peer number of routes made here. */
export const LOCAL = 0;
