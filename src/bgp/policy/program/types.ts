import type { Address, Prefix } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { AsSegment } from '../../as-path.ts';

/**
 * Policy written as a program (BIRD's filter language) instead of statements: an abstract syntax tree with everything that
 * names stand for already in place. A reader makes it, `run.ts` runs it.
 */
export interface Program {
  readonly body: readonly Command[];
  /** Local variables, arguments included. */
  readonly slots: number;
  /** What the answer depends on beside the attributes of the path. */
  readonly reads: ProgramReads;
  /** The same for programs that say the same: the text, with the texts of what it calls. */
  readonly key: string;
}

export interface ProgramReads {
  readonly prefix: boolean;
  /** The peer, its address, or the next hop that a path without one stands for. */
  readonly peer: boolean;
}

/** A function; `body` is filled once it has been read, so that it can call itself. */
export interface FunctionDefinition {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  slots: number;
  body: readonly Command[];
  reads: ProgramReads;
}

/** Numbers are unsigned with 32 bits; `enum` carries the name of its kind. */
export type Value =
  | { readonly type: 'void' }
  | { readonly type: 'int' | 'pair' | 'quad'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'ip'; readonly value: Address }
  | { readonly type: 'prefix'; readonly value: Prefix }
  /** The eight octets of an extended community. */
  | { readonly type: 'ec'; readonly value: bigint }
  | { readonly type: 'rd'; readonly value: bigint }
  | { readonly type: 'lc'; readonly value: string }
  | { readonly type: 'enum'; readonly of: string; readonly value: number }
  /** `missing`: stands for an attribute that is not there. */
  | { readonly type: 'bgppath'; readonly value: readonly AsSegment[]; readonly missing?: boolean }
  | { readonly type: 'clist'; readonly value: readonly number[]; readonly missing?: boolean }
  | { readonly type: 'eclist'; readonly value: readonly bigint[]; readonly missing?: boolean }
  | { readonly type: 'lclist'; readonly value: readonly string[]; readonly missing?: boolean }
  | { readonly type: 'bgpmask'; readonly value: readonly MaskItem[] }
  | { readonly type: 'set'; readonly value: readonly SetItem[] }
  | { readonly type: 'prefix set'; readonly value: readonly PrefixPattern[] }
  | { readonly type: 'origins'; readonly family: 4 | 6; readonly value: readonly RouteOrigin[] };

export type ValueType = Value['type'];

/** Who may originate a network, up to which length (RFC 6482). */
export interface RouteOrigin {
  readonly prefix: Prefix;
  readonly longest: number;
  readonly asn: number;
}

/** A range in the order of the values, or (`pairs`) every pair with both halves inside their ranges. */
export type SetItem =
  | { readonly from: Value; readonly to: Value }
  | {
      readonly pairs: {
        readonly first: readonly [number, number];
        readonly second: readonly [number, number];
      };
    };

/** Prefixes of these lengths that agree with the network in the bits both have. */
export interface PrefixPattern {
  readonly network: Prefix;
  readonly low: number;
  readonly high: number;
}

/** One place of a path mask; `loop`: the place may be taken several times (`+`). */
export type MaskItem = (
  | { readonly kind: 'any-number' }
  | { readonly kind: 'any-one' }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'set'; readonly items: readonly SetItem[] }
) & { readonly loop?: boolean };

export type Expression =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'variable'; readonly slot: number; readonly type: ValueType }
  /** `own`: the type of an attribute that no protocol sends. */
  | { readonly kind: 'attribute'; readonly name: string; readonly own?: ValueType }
  | { readonly kind: 'operation'; readonly operation: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'call';
      readonly function: FunctionDefinition;
      readonly operands: readonly Expression[];
    }
  | { readonly kind: 'mask'; readonly items: readonly (MaskItem | Expression)[] };

export type Command = { readonly source: SourceRange } & (
  | {
      readonly kind: 'set-variable';
      readonly slot: number;
      readonly type: ValueType;
      readonly value: Expression;
    }
  | {
      readonly kind: 'set-attribute';
      readonly name: string;
      readonly own?: ValueType;
      readonly value: Expression;
    }
  | { readonly kind: 'unset'; readonly name: string; readonly own?: ValueType }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly body: readonly Command[];
      readonly otherwise: readonly Command[];
    }
  | { readonly kind: 'case'; readonly value: Expression; readonly branches: readonly Branch[] }
  | {
      readonly kind: 'for';
      readonly slot: number;
      readonly over: Expression;
      readonly body: readonly Command[];
    }
  | { readonly kind: 'return'; readonly value: Expression }
  | { readonly kind: 'verdict'; readonly accept: boolean }
  /** Calls of functions for what they do, and what `print` prints: only a failing expression has an effect. */
  | { readonly kind: 'evaluate'; readonly value: Expression }
);

/** `items` null: the `else` branch. */
export interface Branch {
  readonly items: readonly SetItem[] | null;
  readonly body: readonly Command[];
}
