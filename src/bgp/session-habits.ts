/** When a daemon notices that a session is gone, and when it makes it again. */
export interface SessionHabits {
  /** Sessions that fall in the moment their interface does: single-hop eBGP in FRR and BIRD. */
  readonly fallsWithInterface: 'none' | 'single-hop-ebgp';
  /** New content of a list attached inbound beside the route-map waits for the next UPDATE (FRR). */
  readonly listsWait?: boolean;
  /** Lines of routes of its own that say something else are taken away before they are said (FRR, through `frr-reload.py`). */
  readonly takesLinesAwayFirst?: boolean;
  /** Switches of new files that count from the next thing on that is said or heard (FRR: `bgp ebgp-requires-policy`). */
  readonly overlooksSwitches?: boolean;
  /** Seconds from its start until it finds a route-map that stands below the line that names it (FRR: `bgp route-map delay-timer`). */
  readonly findsPoliciesAfter?: number;
  /** It says everything anew when asked (RFC 2918); absent: it does. */
  readonly answersRefresh?: boolean;
  /** Its answer begins and ends with a message that says so (RFC 7313: BoRR, EoRR). */
  readonly marksRefresh?: boolean;
  /** At each of these messages it tells the peer everything once more, as it is by now (FRR, `bgp_route_refresh_receive`). */
  readonly tellsAllAtMarks?: boolean;
  /** Another import policy counts for what it is told from then on, where it has not kept what it received and the peer does not say it anew when asked (FRR `peer_on_policy_change`). */
  readonly rereadsOnlyKept?: boolean;
  /** It keeps nothing of what it received: another import policy needs a peer that says everything anew, or another session (BIRD). */
  readonly rereadsByRefresh?: boolean;
  /** Seconds until it dials after its start and after a loss; from then on every connect retry time. */
  readonly dialsAfter: number;
  /** Seconds from its start, where they are others, in which it takes no call from a configured neighbor either (FRR reading its file). */
  readonly heldAtStart?: number;
  /** Offers messages beyond 4096 octets (RFC 8654): FRR and ExaBGP by default, BIRD where it is told to. */
  readonly offersExtendedMessages?: boolean;
  /** It dials again after 1 s, 2, 3, 4, 5, 7, ... 60 (ExaBGP) instead of every connect retry time. */
  readonly dialsMoreRarely?: boolean;
  /** A call that fails is followed by the next after as long as by the first one; the connect retry time ends calls that nobody answers at all (BIRD, `bgp_sock_err`). */
  readonly callsAgain?: boolean;
  /** Keeps a session that carries no address family (GoBGP, ExaBGP); absent: it ends it (2/7). */
  readonly takesNoFamily?: boolean;
  /** It watches the way to each peer, and dials anew when the way is there again (FRR's next-hop tracking). */
  readonly watchesWay: boolean;
  /** Having loaded other files it looks at what it received again, and says nothing anew until a best path changes (GoBGP). */
  readonly reloadsImportOnly?: boolean;
  /** Of the neighbors that new files change it updates the first one alone (GoBGP). */
  readonly updatesFirstNeighbor?: boolean;
  /** The restart time of the graceful-restart capability it sends (RFC 4724), in seconds; absent or 0: it sends none. */
  readonly offersRestart?: number;
  /** That capability lists its families: their routes may be kept. FRR and BIRD list none unless told to. */
  readonly listsRestartFamilies?: boolean;
  /**
   * Keeps the routes of a peer that goes without a word, or falls silent, where the peer listed families in the capability ('listed'),
   * or else in that of long-lived graceful restart ('either', BIRD).
   */
  readonly helpsRestart?: 'none' | 'either' | 'listed';
  /** While it keeps them it calls the peer once, and then waits for the peer's call (FRR, `PEER_STATUS_NSF_WAIT`). */
  readonly callsOnceWhileKeeping?: boolean;
  /** That capability says that the peer's forwarding outlasted its restart (F bit; FRR `preserve-fw-state`); absent: it does not. */
  readonly preservesForwarding?: boolean;
  /** Without that word what was kept goes as soon as the peer is there again, before it says anything (RFC 4724 4.2; FRR). */
  readonly keepsPreservedOnly?: boolean;
  /** What it keeps goes with the interface of the session (BIRD). */
  readonly keptFallsWithInterface?: boolean;
  /** A caller out of a listen range stays in the list of sessions once it is gone (BIRD). */
  readonly listsCallers?: boolean;
  /** Takes no leave of callers out of a listen range that other files no longer have (FRR): they may keep its routes. */
  readonly leavesCallersSilently?: boolean;
  /** Where BFD misses the peer the session stops, or ('keeps') restarts gracefully; absent: BFD has no say. */
  readonly watchedByBfd?: 'stops' | 'keeps';
  /** Keeps them after its hold time as well only where both ends have this (RFC 8538, N bit); absent: it asks for nothing. */
  readonly restartNotification?: boolean;
  /** Sends the N bit without asking for it (GoBGP `notification-enabled`). */
  readonly sendsRestartNotification?: boolean;
  /** Keeps them after its hold time as well only where the peer offers long-lived graceful restart (BIRD). */
  readonly silentNeedsLongLived?: boolean;
  /** It lists its families in the capability of long-lived graceful restart (RFC 9494), be it for 0 s (FRR). */
  readonly offersLongLived?: boolean;
  /** For so many seconds; absent: 0. */
  readonly offersLongLivedFor?: number;
  /** It sends that capability, be it without families. */
  readonly knowsLongLived?: boolean;
  /** What it keeps stays for the seconds that the peer gave there when the restart time is over, for these at most, marked LLGR_STALE; absent: 0. */
  readonly helpsLongLived?: number;
  /** Told to stop it says so (NOTIFICATION), and nobody keeps its routes. */
  readonly saysGoodbye?: boolean;
  /** Told to stop it takes its routes out of the kernel first (BIRD): over these nothing it says gets through. */
  readonly clearsRoutesFirst?: boolean;
  /** A limit that has refused one prefix takes no new one on this session, whatever goes, until other files are loaded (BIRD). */
  readonly staysShut?: boolean;
  /** Seconds in which it neither dials nor answers after any loss of a session (GoBGP is idle). */
  readonly pauseAfterLoss?: number;
  /** The same after a command has reset the session (GoBGP, `idle-hold-time-after-reset`). */
  readonly pauseAfterReset?: number;
  /** What is beyond the limit of what it tells is looked at again only when it changes, and what changes while the limit is reached is taken back (FRR `maximum-prefix-out`). */
  readonly countsWhatItTells?: boolean;
  /** Other files have it make again what it had closed for good, and forget errors of sessions that they make anew (BIRD); absent: another limit does (FRR). */
  readonly beginsAnewWithFiles?: boolean;
  /** Seconds in which it neither dials nor answers after the interface of a session, or its hold time, was lost. */
  readonly pauseAfterError?: number;
}
