import type { Asn } from '../base/asn.ts';
import type { CarriedFamily, FamilyName } from '../base/family.ts';
import type { Address } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { PeerFamilyConfig } from './peer-family-config.ts';
import type { SessionHabits } from './session-habits.ts';

/** RFC 9234 section 4.1. */
export type BgpRole = 'provider' | 'rs-server' | 'rs-client' | 'customer' | 'peer';

export interface PeerConfig {
  /** null: found by interface (unnumbered) or, in a listen range, by who connects. */
  readonly address: Address | null;
  readonly interface: string | null;
  readonly remoteAs: Asn | 'internal' | 'external' | 'any';
  readonly localAs: LocalAs | null;
  /** Where this end must speak from; null: the address of the interface towards the peer. */
  readonly updateSource: Address | { readonly interface: string } | null;
  readonly port: number;
  readonly passive: boolean;
  /** Offers IPv6 next hops for IPv4 routes (RFC 8950) on a session between addresses; unnumbered ones always have them. */
  readonly extendedNextHop?: boolean;
  /** Ports on which this end takes the peer's connections; absent: 179. ExaBGP listens only where it is told to. */
  readonly listenPorts?: readonly number[];
  /** Takes calls to `updateSource` only, whatever other address of the host they go to (BIRD). */
  readonly callsToOwnOnly?: boolean;
  /** The address as the file writes it, where the daemon knows the session by that and not by the address itself (GoBGP). */
  readonly writtenAs?: string;
  /** BGP identifier on this session, where it is not the router's (ExaBGP gives one to each neighbor). */
  readonly routerId?: Address;
  /** Announcements with this `onlyTo` are for this peer. */
  readonly audience?: string;
  /** The name by which its announcements outlive new files that reset the session (ExaBGP), or are lost with the session; absent: they go with the files. */
  readonly announcesFromBefore?: { readonly name: string; readonly kept: boolean };
  /** Families of which no line says whether it has them: `defaultFamilies` of the router does. */
  readonly impliedFamilies?: readonly FamilyName[];
  readonly shutdown: boolean;
  /** It is shut down with all neighbors (FRR `bgp shutdown`). */
  readonly shutdownWithAll?: boolean;
  readonly password: string | null;
  /** TTL for eBGP sessions over more than one hop; null: 1 (directly connected). */
  readonly ebgpMultihop: number | null;
  readonly ttlSecurityHops: number | null;
  readonly disableConnectedCheck: boolean;
  /** In an update group of its own: nothing goes back to where it came from (FRR `solo`). */
  readonly solo?: boolean;
  /** Routes that hold the neighbour's AS are not sent to it (FRR `sender-as-path-loop-detection`). */
  readonly senderLoopCheck?: boolean;
  /** Overrides the router's own switch. */
  readonly enforceFirstAs?: boolean;
  /** The OPEN names the member AS of a confederation, whoever the neighbor is (FRR, where not its own line says an AS outside). */
  readonly presentsMember?: boolean;
  /** RFC 9234: this end's role, and whether the other end must say its own. */
  readonly localRole?: { readonly role: BgpRole; readonly strict: boolean } | null;
  readonly timers: { readonly keepalive: number; readonly hold: number; readonly connectRetry: number };
  /** Activated families only. */
  readonly families: Readonly<Partial<Record<FamilyName, PeerFamilyConfig>>>;
  /** Activated families beside them, of which only a speaker passes routes on. */
  readonly carried?: Readonly<Partial<Record<CarriedFamily, PeerFamilyConfig>>>;
  /** What resets the session where new files say it otherwise, beside what does with every daemon (BIRD: every option of the protocol). */
  readonly resetBy?: string;
  /** What new files are held against, by a daemon that takes over only a part of what they change (GoBGP): the statement, and that of its group. */
  readonly reload?: {
    readonly statement: string;
    readonly group: { readonly name: string; readonly statement: string; readonly open: string } | null;
  };
  /** What commands have asked of the session so far (GoBGP). */
  readonly asked?: AskedAgain;
  /** What this session does otherwise than the profile says. */
  readonly habits?: Partial<SessionHabits>;
  readonly description: string | null;
  /** The peer group it is a member of: its members are told things together, and nobody else with them (FRR's update groups). */
  readonly group?: string;
  /** Neighbors with another one are told things apart (FRR `advertisement-interval`; how long it holds messages back is not simulated). Absent: 0. */
  readonly advertisementInterval?: number;
  /** The peer must be on an own network, whatever other routes lead there (BIRD without `multihop`). */
  readonly singleHop?: boolean;
  /** The protocol instance that the session is (BIRD). */
  readonly protocol?: string;
  readonly source: SourceRange | null;
}

/** How often commands have had the daemon do something again: what counts is that it is more than before. */
export interface AskedAgain {
  /** Shut down, or no more so, by a command; null: none has said anything of it. */
  readonly down: boolean | null;
  /** Of the times `closed`: with a longer pause behind. */
  readonly reset: number;
  readonly closed: number;
  /** What was received is judged by the policies of that moment. */
  readonly judged: number;
  /** What there is to say is said. */
  readonly told: number;
}

export interface LocalAs {
  readonly asn: Asn;
  readonly noPrepend: boolean;
  readonly replaceAs: boolean;
  /** Where the peer expects the router's own AS the session comes up with that one, as if this were not written. */
  readonly dualAs?: boolean;
}
