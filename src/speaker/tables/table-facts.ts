import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import type { PathShelf } from '../shelf/path-shelf.ts';
import type { PlacePrefix } from './place-prefix.ts';

/** What import and export of a table ask of it. */
export interface TableFacts {
  readonly router: Router;
  readonly shelf: PathShelf;
  /** By number; null: this router, or nobody any more. */
  peerAt(number: number): Peer | null;
  prefixAt(place: number): PlacePrefix;
}
