import type { Address, Prefix } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { BfdConfig } from '../../../bgp/config.ts';
import type { PolicyChain } from '../../../bgp/policy/types.ts';
import type { InterfacePattern, TableRoute } from '../../../bgp/table-config.ts';

/** A value of an option: what stands behind its words, with its place. */
export interface OptionValue {
  readonly value: number | boolean | string | Address;
  readonly source: SourceRange;
}

/** Option by its words: `hold time` → 240. */
export type Options = Map<string, OptionValue>;

export type ProtocolKind = 'bgp' | 'device' | 'direct' | 'kernel' | 'static' | 'pipe' | 'bfd' | 'other';

/** A protocol or template as it was read, defaults still missing. */
export interface ProtocolDraft {
  readonly kind: ProtocolKind;
  readonly name: string;
  readonly source: SourceRange;
  readonly options: Options;
  /** By the name of the network type: `ipv4`; that of a pipe is under the empty name. */
  readonly channels: Map<string, ChannelDraft>;
  readonly routes: TableRoute[];
  readonly interfaces: InterfacePattern[];
  /** `neighbor ADDRESS` or `neighbor range NETWORK`, as written last. */
  neighbor: {
    readonly address: Address | null;
    readonly range: Prefix | null;
    readonly source: SourceRange;
  } | null;
  interface: string | null;
  /** null: it is no BFD. */
  bfd: BfdConfig | null;
}

export interface ChannelDraft {
  readonly source: SourceRange;
  readonly options: Options;
  /** null: nothing is said. */
  importPolicy: PolicyChain | null;
  exportPolicy: PolicyChain | null;
  /** null: the first table of its network type above it. */
  table: string | null;
  /** Is there one? */
  readonly hasDefault: boolean;
  readonly limits: LimitDraft[];
}

export interface LimitDraft {
  readonly direction: 'import' | 'receive' | 'export';
  readonly count: number;
  readonly action: 'off' | 'warn' | 'block' | 'restart' | 'disable';
  readonly source: SourceRange;
}

export function newProtocol(kind: ProtocolKind, name: string, source: SourceRange): ProtocolDraft {
  return {
    kind,
    name,
    source,
    options: new Map(),
    channels: new Map(),
    routes: [],
    interfaces: [],
    neighbor: null,
    interface: null,
    bfd: null,
  };
}

export function newChannel(source: SourceRange, hasDefault: boolean): ChannelDraft {
  const policies = { importPolicy: null, exportPolicy: null };
  return { source, options: new Map(), ...policies, table: null, hasDefault, limits: [] };
}

/** `protocol bgp NAME from TEMPLATE`: everything the template says; what follows is laid over it. */
export function copiedProtocol(from: ProtocolDraft, name: string, source: SourceRange): ProtocolDraft {
  const copied = newProtocol(from.kind, name, source);
  for (const [key, value] of from.options) copied.options.set(key, value);
  for (const [family, channel] of from.channels) {
    copied.channels.set(family, {
      ...channel,
      options: new Map(channel.options),
      limits: [...channel.limits],
    });
  }
  copied.routes.push(...from.routes);
  copied.interfaces.push(...from.interfaces);
  copied.neighbor = from.neighbor;
  copied.interface = from.interface;
  return copied;
}
