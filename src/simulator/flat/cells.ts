export const SLOT_CELLS = 16;
/** Places of a slot's numbers. */
export const S = {
  owner: 0,
  /** As `loopAs`, internal peers as well; 0: more is asked. */
  loopAs: 1,
  firstAs: 2,
  /** What nothing is told of, see `quiet.ts`. */
  quiet: 3,
  /** Place among the slots of the router by all steps that look at the peer, and by those before age. */
  rank: 4,
  rankBeforeAge: 5,
  /** And above them, from `CLASS_SHIFT` on, the number of its import class. */
  flags: 6,
  /** First of its `leads`. */
  leads: 7,
  asPath: 8,
  attributes: 9,
  /** In the table where it is above `base`. */
  arrival: 10,
  next: 11,
  /** The last choice it was part of, see `outcomes.ts`. */
  choice: 12,
  choiceAttributes: 13,
  choiceLength: 14,
  choiceFirst: 15,
} as const;

/** Flags of a slot. */
export const JUDGED = 1;
export const USABLE = 2;
export const BY_AGE = 4;
/** And for good, by the kind of the peer: it is internal and no client of this reflector. */
export const INTERNAL = 8;
/** Its next hops have to be on connected networks; its routes are installed only where they lead straight there. */
export const CONNECTED = 16;
export const INSTALLS_CONNECTED = 32;
/** The address of the next hop says all about it. */
export const BY_ADDRESS = 64;
export const CLASS_SHIFT = 8;

/**
 * Numbers per (slot, group of its router): attributes; what the policy makes of them, or below 0 the key to ask its class for; where
 * that was asked for, what the policy found in the AS_PATH, and the answer.
 */
export const LEAD_CELLS = 4;

export const NODE_CELLS = 16;
/** Places of a router's numbers. */
export const N = {
  epoch: 0,
  head: 1,
  tail: 2,
  count: 3,
  best: 4,
  bestAsPath: 5,
  bestAttributes: 6,
  flags: 7,
  matches: 8,
  choice: 9,
  choiceCount: 10,
  choiceBest: 11,
  choiceHops: 12,
  /** What all of its groups that look at AS_PATHs ask of them, as `G.view`; 0: none does, -1: not the same. */
  view: 13,
  groupStart: 14,
  groupEnd: 15,
} as const;

/** Flags of a router, for one prefix: all MEDs are the same; candidates are objects; something changed after it was noted. */
export const SAME_MED = 1;
export const OBJECTS = 2;
export const CHANGED = 4;
/** And for good: see `better`; slots are ranked, or cannot be; updates go to the end; the length of the AS_PATH comes first. */
export const ORDERED = 8;
export const RANKED = 16;
export const UNRANKED = 32;
export const MOVES = 64;
export const LENGTH_FIRST = 128;
export const KEEPS_EARLIER = 256;
/** It keeps no Adj-RIB-Out: see `changes.ts`. */
export const SAYS_CHANGES = 512;
/** The kernel is given what is best, whatever it is. */
export const INSTALLS = 1024;
/** The last choice was decided by age. */
export const CHOSEN_BY_AGE = 2048;
export const FOR_GOOD =
  ORDERED |
  RANKED |
  UNRANKED |
  MOVES |
  LENGTH_FIRST |
  KEEPS_EARLIER |
  SAYS_CHANGES |
  INSTALLS |
  CHOSEN_BY_AGE;
/** For one prefix: its groups, or peers, were told something, if only that there is nothing. */
export const TOLD = 4096;

export const GROUP_CELLS = 16;
/** Places of a group's numbers. `sent`: what it was told last; `had`: what its peers have; `from`: source of `sent`. */
export const G = {
  node: 0,
  start: 1,
  end: 2,
  sentAsPath: 3,
  sent: 4,
  from: 5,
  hadAsPath: 6,
  had: 7,
  toldAsPath: 8,
  told: 9,
  flags: 10,
  exportClass: 11,
  /** The AS_PATH last sent, and what came out. */
  pathIn: 12,
  pathOut: 13,
  /** `view` of its class, where the policy does not look at prefixes; else 0. */
  view: 14,
  /** The AS that is all that is put in front of a sequence; 0: more is done. */
  ownAs: 15,
} as const;

export const ONE_BY_ONE = 1;
export const SUPPRESSES_ALIKE = 2;
/** And one by one only since whoever a path came from is not told. */
export const SPARES_SOURCE = 4;
/** Its peers are internal, and no clients of this reflector. */
export const TO_INTERNAL = 8;
