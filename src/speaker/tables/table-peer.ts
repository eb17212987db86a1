import type { Peer } from '../../bgp/peer.ts';
import type { RibOut } from '../../bgp/rib/rib-out.ts';
import type { Answers } from '../shelf/answers.ts';

/** One peer in one family, while its session is up; `peer` is another one once its configuration changed. */
export interface TablePeer {
  readonly number: number;
  peer: Peer;
  readonly out: RibOut;
  /** It is told several paths of a destination (RFC 7911). */
  readonly addPath: boolean;
  /** What it said itself is never told to it, whatever the path is. */
  neverToldOwn: boolean;
  /** What export answered to it and to those that are told the same; null: it hangs on the destination. */
  answers: Answers | null;
}
