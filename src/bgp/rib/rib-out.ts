/** Whoever keeps the number of a path says so, and when it does no more. Numbers that nobody holds may come to mean another path. */
export interface PathHolder {
  hold(id: number): void;
  drop(id: number): void;
}

/** One attribute set with the destinations that share it, or destinations withdrawn (`wire` 0). */
export interface OutgoingBatch {
  readonly wire: number;
  readonly places: readonly number[];
  /** Path identifiers (RFC 7911), one for each place; absent: the session has none. */
  readonly ids?: readonly number[];
}

/** One path as a peer holds it of us. */
export interface SentPath {
  /** RFC 7911; 0 without add-path. */
  readonly pathId: number;
  /** Number of the path as sent. */
  readonly wire: number;
}

/** Adj-RIB-Out of one peer and family (RFC 4271 3.2), whatever it holds of a destination: the best path, or several. */
export interface RibOut {
  /** Paths the peer holds of us. */
  readonly announced: number;
  /** Destinations it has still to be told of. */
  readonly waiting: number;
  /** What the table says of a destination is another thing than before. */
  changed(place: number): void;
  /** The peer has nothing yet, or asks again (RFC 2918): everything waits. `forget`: it lost what it had. */
  all(forget: boolean): void;
  /** The session is over: lets go of the paths it holds, of up to so many destinations; true: there are more. Nothing else is asked of it from then on. */
  close(most: number): boolean;
  /** The policy changed: everything is looked at again, and what comes out the same is not said again. */
  changedAll(): void;
  /** What the peer was told of a destination last. */
  sentOf(place: number): readonly SentPath[];
  /** Up to `most` waiting destinations, sorted by attribute set, withdrawals first. Counts them as said: the caller has to send them. */
  take(most: number): readonly OutgoingBatch[];
}
