import type { ProtocolDraft } from './draft.ts';
import type { Reading } from './reading.ts';
import { flag, numberOf, textOf } from './values.ts';

interface Context {
  readonly sortedTables: ReadonlySet<string>;
  readonly reading: Reading;
}

export interface Ends {
  readonly localAs: number;
  readonly remoteAs: number;
  readonly internal: boolean;
  readonly multihop: number;
  readonly type: string | null;
}

/** What BIRD refuses of a session as a whole. */
export function isRefused(draft: ProtocolDraft, { reading, sortedTables }: Context, ends: Ends): boolean {
  const { localAs, remoteAs, internal, multihop, type } = ends;
  const interior = internal || flag(draft, 'confederation member');
  const unsorted = [...draft.channels].find(
    ([afi, channel]) => flag(channel, 'secondary') && !sortedTables.has(channel.table ?? defaultTable(afi)),
  );
  const lacksPolicy = [...draft.channels.values()].find(
    (channel) => !interior && (channel.importPolicy === null || channel.exportPolicy === null),
  );
  const faults: readonly (readonly [boolean, string, string])[] = [
    [localAs === 0, 'has no local AS', "Write 'local as N'."],
    [
      !draft.neighbor || draft.neighbor.address?.text === '::',
      'has no neighbor',
      "Write 'neighbor ADDRESS as N'.",
    ],
    [
      remoteAs === 0 && type === null,
      'does not say the AS of its neighbor',
      "Write 'neighbor ADDRESS as N'.",
    ],
    [type === 'internal' && !internal, 'is internal with two different ASNs', 'Give both ends one ASN.'],
    [
      type === 'external' && internal && remoteAs !== 0,
      'is external with one ASN',
      'Give the ends two ASNs.',
    ],
    [flag(draft, 'rr client') && !internal, 'is external and has an rr client', "Remove 'rr client'."],
    [flag(draft, 'rs client') && internal, 'is internal and has an rs client', "Remove 'rs client'."],
    [
      flag(draft, 'confederation member') && numberOf(draft, 'confederation') === null,
      'is a confederation member without a confederation',
      "Write 'confederation N'.",
    ],
    [
      flag(draft, 'enforce first as') && internal,
      'is internal and enforces the first AS',
      "Remove 'enforce first as'.",
    ],
    [
      flag(draft, 'strict bind') && !draft.options.has('source address'),
      'binds strictly without a local address',
      "Write 'local ADDRESS as N'.",
    ],
    [
      multihop > 0 &&
        (flag(draft, 'bfd') || textOf(draft, 'bfd') !== null) &&
        !draft.options.has('source address'),
      'is watched by BFD over several hops without a local address',
      "Write 'local ADDRESS as N'.",
    ],
    [
      multihop > 0 && flag(draft, 'check link'),
      'is multihop and cannot depend on a link',
      "Remove 'check link'.",
    ],
    [
      multihop > 0 && draft.interface !== null,
      'is multihop and cannot be bound to an interface',
      "Write 'direct'.",
    ],
    [
      multihop > 0 && [...draft.channels.values()].some((channel) => flag(channel, 'gateway direct')),
      'is multihop and cannot use direct gateways',
      "Write 'direct', or remove 'gateway direct'.",
    ],
    [
      unsorted !== undefined,
      'announces a second route and its table is not sorted',
      "Write 'ipv4 table NAME sorted'.",
    ],
    [
      // Behind another fault it may only be what could not be read.
      lacksPolicy !== undefined && !reading.faulty,
      'is external and needs both import and export in each channel (RFC 8212)',
      'Write import and export.',
    ],
  ];
  const found = faults.filter(([holds]) => holds);
  for (const [, what, fix] of found)
    reading.refuse(lacksPolicy?.source ?? draft.source, `session ${draft.name} ${what}`, fix, draft.name);
  return found.length > 0;
}

/** The table of a channel that names none. */
function defaultTable(afi: string): string {
  return afi === 'ipv6' ? 'master6' : 'master4';
}
