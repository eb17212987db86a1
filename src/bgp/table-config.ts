import type { FamilyName } from '../base/family.ts';
import type { Address, Prefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { Policy, PolicyChain } from './policy/types.ts';

/** What other protocols put into the table that BGP announces from, and what of the table reaches the kernel. */
export interface TableConfig {
  readonly protocols: readonly TableProtocol[];
  /** Per family; absent: nothing is installed. */
  readonly kernel: Readonly<Partial<Record<FamilyName, KernelExport>>>;
  /** What it installed stays in the kernel when it stops (BIRD `persist`). */
  readonly persists?: boolean;
  /** Tables beside that of the family, with routes of their own; absent: none. */
  readonly beside?: readonly { readonly name: string; readonly family: FamilyName }[];
  /** What leads from table to table: one way from each to each at most. */
  readonly pipes?: readonly TablePipe[];
}

/** Copies every route of a table into another, best or not, where the policy of the direction accepts it (BIRD's `protocol pipe`). */
export interface TablePipe {
  readonly family: FamilyName;
  readonly ends: readonly [PipeEnd, PipeEnd];
}

export interface PipeEnd {
  /** null: that of the family. */
  readonly table: string | null;
  /** What the other end's routes have to pass on their way into it; null: none does. */
  readonly policy: PolicyChain | null;
}

export interface KernelExport {
  /** The protocol instance: what it learned itself it does not install. */
  readonly protocol: string;
  /** The table it exports; absent: that of the family. */
  readonly table?: string;
  readonly policy: PolicyChain;
  /** How many next hops of equal paths are installed together, the lowest ones; 1: the best path alone. */
  readonly mergePaths: number;
}

/** A protocol instance beside BGP: networks of the interfaces, routes of the configuration, routes learned from the kernel. */
export interface TableProtocol {
  readonly name: string;
  readonly family: FamilyName;
  readonly kind: 'connected' | 'static' | 'kernel';
  /** Where its routes go; absent: into the table of the family. */
  readonly table?: string;
  /** Larger wins among all routes for a prefix. */
  readonly preference: number;
  readonly policy: PolicyChain;
  /** 'connected': the first pattern that fits an interface says whether it counts; none at all: every interface. */
  readonly interfaces: readonly InterfacePattern[];
  readonly routes: readonly TableRoute[];
  /** Interfaces without a carrier do not count (BIRD's `check link`). */
  readonly checkLink?: true;
}

export interface InterfacePattern {
  readonly positive: boolean;
  /** Shell-like, for the name; null: any. */
  readonly name: string | null;
  /** The address on the interface lies in it; null: any. */
  readonly prefix: Prefix | null;
}

export interface TableRoute {
  readonly prefix: Prefix;
  readonly kind: 'unicast' | 'recursive' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly hops: readonly {
    readonly via: Address | null;
    readonly interface: string | null;
    readonly onlink: boolean;
    /** It counts only while BFD says that the neighbour is there. */
    readonly bfd?: true;
    /** The heaviest stands for the route; absent: 1. */
    readonly weight?: number;
  }[];
  /** Attributes that stand beside the route; they reject nothing. */
  readonly attributes: Policy | null;
  readonly source: SourceRange;
}
