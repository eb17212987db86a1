import type { Asn } from '../base/asn.ts';
import type { FamilyName } from '../base/family.ts';
import type { Address, Prefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { AsSegment } from './as-path.ts';
import type { Origin, Policy, PolicyChain } from './policy/types.ts';

/** Where a local route comes from; all of them are paths without a peer. */
export type Origination =
  | {
      readonly kind: 'network';
      readonly family: FamilyName;
      readonly prefix: Prefix;
      readonly policy: Policy | null;
      /**
       * Its line is written otherwise than the daemon writes it, which the tool that compares the two minds (`frr-reload.py`): in a block
       * that is called otherwise it is said anew each time, with a mask it is lost, by its class alone it becomes a /8.
       */
      readonly respelled?: 'block' | 'mask' | 'class';
      /** What lines for the same network further up ask for, in order: that tool says all of them that the daemon does not have. */
      readonly overruled?: readonly (Policy | null)[];
      readonly source: SourceRange | null;
    }
  | {
      readonly kind: 'redistribute';
      readonly family: FamilyName;
      readonly from: 'connected' | 'static' | 'kernel';
      readonly metric: number | null;
      readonly policy: Policy | null;
      readonly source: SourceRange | null;
    }
  /** Given attribute by attribute (`gobgp global rib add`, ExaBGP's announce). */
  | {
      readonly kind: 'announce';
      /** What it has to pass first: GoBGP's import policy. */
      readonly policies?: PolicyChain;
      readonly family: FamilyName;
      readonly prefix: Prefix;
      readonly attributes: AnnouncedAttributes;
      /** Goes to the peers of this audience alone, with exactly these attributes (ExaBGP). */
      readonly onlyTo?: string;
      /** Its path identifier, where the peer takes several paths for one prefix (RFC 7911). */
      readonly pathId?: number;
      /** It stands in earlier files alone, and is announced still. */
      readonly fromBefore?: true;
      /** It goes out with others of the same attributes (ExaBGP). */
      readonly group?: string;
      /** It stands in the files and is not announced: before the session, or the files, are others. */
      readonly unsaid?: 'session' | 'files';
      readonly source: SourceRange | null;
    };

export type Announcement = Origination & { readonly kind: 'announce' };

export interface AnnouncedAttributes {
  readonly origin: 0 | 1 | 2;
  readonly nextHop: Address | null;
  readonly asPath: readonly Asn[];
  readonly med: number | null;
  readonly localPref: number | null;
  /** Communities stay as they are given (GoBGP); absent: sorted, each once. */
  readonly inOrder?: boolean;
  readonly aigp?: number | null;
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  /** 16 hexadecimal digits each. */
  readonly extendedCommunities?: readonly string[];
  /** An AS_SET behind `asPath`. */
  readonly asSet?: readonly Asn[];
  /** All segments, in place of both, where they are others; one without ASNs goes out as it is. */
  readonly segments?: readonly AsSegment[];
  readonly originatorId?: Address | null;
  readonly clusterList?: readonly Address[];
  readonly atomicAggregate?: boolean;
  readonly aggregator?: { readonly asn: Asn; readonly routerId: Address } | null;
}

export interface AggregateConfig {
  readonly family: FamilyName;
  readonly prefix: Prefix;
  readonly summaryOnly: boolean;
  readonly asSet: boolean;
  readonly policy: Policy | null;
  /** Instead of the worst of what it sums up. */
  readonly origin?: Origin | null;
  /** More-specific prefixes that are kept back beside the aggregate (FRR `suppress-map`); `summaryOnly` keeps back all. */
  readonly suppressPolicy?: Policy | null;
  /** Only while all that it sums up have the same MED (FRR `matching-MED-only`). */
  readonly sameMedOnly?: boolean;
  readonly source: SourceRange | null;
}
