import type { CarriedFamily } from '../../base/family.ts';
import type { HostState } from '../host-state.ts';

/**
 * Everything that comes in beside connections and timers: from the API, from standard input, from signals, from the kernel. Plain data, so that a recording
 * of it replays.
 */
export type Operation =
  | { readonly kind: 'start' }
  /** `family`: one whose routes are passed on, with a destination in the words of `rib` in place of a prefix. */
  | {
      readonly kind: 'announce';
      readonly prefix: string;
      readonly attributes: AnnounceRequest;
      readonly family?: CarriedFamily;
    }
  | { readonly kind: 'withdraw'; readonly prefix: string; readonly family?: CarriedFamily }
  | { readonly kind: 'reset'; readonly neighbor: string; readonly how: ResetKind; readonly message?: string }
  | { readonly kind: 'shutdown'; readonly neighbor: string; readonly message: string }
  | { readonly kind: 'enable'; readonly neighbor: string }
  | { readonly kind: 'host'; readonly state: HostState }
  /** Files by name, as they were read. */
  | { readonly kind: 'reload'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'stop'; readonly message: string; readonly graceful: boolean };

/** 'in': ask the own policy again; 'refresh': ask the peer to say everything again; 'out': tell it what the policy now lets out; 'hard': a new session. */
export type ResetKind = 'in' | 'out' | 'both' | 'refresh' | 'hard';

/** `AnnouncedAttributes` with addresses as text; what is left out has its usual value. */
export interface AnnounceRequest {
  readonly origin?: 'igp' | 'egp' | 'incomplete';
  /** Absent: the own address on each session. */
  readonly nextHop?: string;
  readonly asPath?: readonly number[];
  readonly med?: number;
  readonly localPref?: number;
  /** RFC 7311; exact up to 2^53. */
  readonly aigp?: number;
  /** `65000:1`, or a well-known name. */
  readonly communities?: readonly string[];
  readonly largeCommunities?: readonly string[];
  /** In the words of `rib`: `rt:65000:1`, `encap:vxlan`, `traffic-rate:0:0`. */
  readonly extendedCommunities?: readonly string[];
  /** EVPN (with VXLAN the VNI), VPN and labelled routes. */
  readonly labels?: readonly number[];
  /** EVPN: 20 hexadecimal digits. */
  readonly segment?: string;
  /** EVPN type 5 (RFC 9136). */
  readonly gateway?: string;
}

/** What came of an operation. */
export type Outcome =
  | { readonly ok: true; readonly words?: string }
  | { readonly ok: false; readonly words: string };
