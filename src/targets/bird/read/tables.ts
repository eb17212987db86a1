import { type FamilyName, ipFamilyOf } from '../../../base/family.ts';
import type { BgpConfig } from '../../../bgp/config.ts';
import type { PeerFamilyConfig } from '../../../bgp/peer-family-config.ts';
import type { KernelExport, TableConfig, TableProtocol } from '../../../bgp/table-config.ts';
import type { ChannelDraft, ProtocolDraft } from './draft.ts';
import { rejectAll } from './filters.ts';
import { besideTable, tablesBeside } from './pipes.ts';
import type { Reading } from './reading.ts';
import { flag, numberOf, textOf } from './values.ts';

const families: readonly (readonly [string, FamilyName])[] = [
  ['ipv4', 'ipv4-unicast'],
  ['ipv6', 'ipv6-unicast'],
];

/** Preferences of protocols (nest/protocol.h). */
const preferences = { direct: 240, static: 200, kernel: 10 } as const;

const ANY_NUMBER = 65_535;

/** What the protocols beside BGP do to the table, and how many paths the kernel takes together. */
export function tableConfig(
  protocols: readonly ProtocolDraft[],
  reading: Reading,
): { readonly config: TableConfig; readonly width: BgpConfig['maximumPaths'] } {
  const made: TableProtocol[] = [];
  const kernel: Partial<Record<FamilyName, KernelExport>> = {};
  for (const draft of protocols) {
    for (const [afi, family] of families) {
      const channel = draft.channels.get(afi);
      if (!channel) continue;
      if (draft.kind === 'direct')
        made.push(tableProtocol(draft, channel, family, 'connected', preferences.direct));
      if (draft.kind === 'static') {
        noteOtherTable(draft, channel, reading);
        made.push(tableProtocol(draft, channel, family, 'static', preferences.static));
      }
      if (draft.kind === 'kernel') {
        if (isElsewhere(draft, reading)) continue;
        if (flag(draft, 'learn'))
          made.push(tableProtocol(draft, channel, family, 'kernel', preferences.kernel));
        kernel[family] = kernelExport(draft, channel);
      }
    }
  }
  // However many are equal take part: it is their next hops that are cut off at the limit.
  const width = (family: FamilyName) => {
    const paths = (kernel[family]?.mergePaths ?? 1) > 1 ? ANY_NUMBER : 1;
    return { ebgp: paths, ibgp: paths };
  };
  noteRoutesElsewhere(protocols, reading);
  const persists = protocols.some((draft) => draft.kind === 'kernel' && flag(draft, 'persist'));
  return {
    config: {
      protocols: made,
      kernel,
      ...(persists ? { persists } : {}),
      ...tablesBeside(protocols, reading),
    },
    width: { 'ipv4-unicast': width('ipv4-unicast'), 'ipv6-unicast': width('ipv6-unicast') },
  };
}

/** Recursive routes that are looked up elsewhere than in the table of the protocol. */
function noteOtherTable(draft: ProtocolDraft, channel: ChannelDraft, reading: Reading): void {
  const table = textOf(draft, 'igp table');
  if (table === null || besideTable(table) === besideTable(channel.table)) return;
  const effect = 'recursive routes are looked up in the table of the protocol here';
  const matters = draft.routes.some(({ kind }) => kind === 'recursive');
  reading.note(draft.options.get('igp table')?.source ?? draft.source, `igp table ${table}`, effect, matters);
}

/** RT_TABLE_MAIN */
const MAIN_TABLE = 254;

/** Another table of the kernel has none of the routes that are known here, and what goes there is in no table that is shown. */
function isElsewhere(draft: ProtocolDraft, reading: Reading): boolean {
  const table = numberOf(draft, 'kernel table') ?? MAIN_TABLE;
  if (table === MAIN_TABLE) return false;
  const effect = 'routes in another table of the kernel are not simulated';
  const { source } = draft.options.get('kernel table') ?? draft;
  reading.note(source, `kernel table ${table}`, effect, false);
  return true;
}

function tableProtocol(
  draft: ProtocolDraft,
  channel: ChannelDraft,
  family: FamilyName,
  kind: TableProtocol['kind'],
  preference: number,
): TableProtocol {
  return {
    name: draft.name,
    family,
    kind,
    ...inTable(channel),
    preference: numberOf(channel, 'preference') ?? preference,
    policy: channel.importPolicy ?? [],
    ...(flag(draft, 'check link') && kind !== 'kernel' ? { checkLink: true } : {}),
    interfaces: kind === 'connected' ? draft.interfaces : [],
    routes:
      kind === 'static' ? draft.routes.filter(({ prefix }) => prefix.family === ipFamilyOf(family)) : [],
  };
}

export function inTable({ table }: ChannelDraft): { readonly table?: string } {
  const name = besideTable(table);
  return name === undefined ? {} : { table: name };
}

/** Where the next hops of a channel are looked up, where it says so (`igp table`). */
export function nextHopTables(channel: ChannelDraft): Pick<PeerFamilyConfig, 'nextHopTables'> {
  const named = (
    [
      [4, 'ipv4'],
      [6, 'ipv6'],
    ] as const
  ).flatMap(([family, afi]) => {
    const table = textOf(channel, `igp table ${afi}`);
    return table === null ? [] : [[family, besideTable(table) ?? null] as const];
  });
  return named.length === 0 ? {} : { nextHopTables: Object.fromEntries(named) };
}

/** Nothing is exported unless the channel says so; `merge paths` takes 16 together. */
function kernelExport(draft: ProtocolDraft, channel: ChannelDraft): KernelExport {
  return {
    protocol: draft.name,
    ...inTable(channel),
    policy: channel.exportPolicy ?? [rejectAll('export none', channel.source)],
    mergePaths: mergePaths(textOf(draft, 'merge paths')),
  };
}

/** `on limit 8`, `off`, or nothing behind the words. */
function mergePaths(words: string | null): number {
  if (words === null) return 1;
  if (/^(?:off|no|0)\b/.test(words)) return 1;
  const limit = /limit (\d+)/.exec(words)?.[1];
  return limit === undefined ? 16 : Number(limit);
}

/** A route whose family its protocol has no channel for is refused by BIRD. */
function noteRoutesElsewhere(protocols: readonly ProtocolDraft[], reading: Reading): void {
  for (const { kind, channels, routes, name } of protocols) {
    if (kind !== 'static') continue;
    for (const { prefix, source } of routes) {
      const afi = prefix.family === 4 ? 'ipv4' : 'ipv6';
      const fix = `Put the route into a static protocol with ${afi}.`;
      if (!channels.has(afi))
        reading.refuse(source, `protocol ${name} has no channel for ${prefix.text}`, fix, prefix.text);
    }
  }
}
