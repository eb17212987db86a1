import { mappedAddress, parseAddress } from '../../../base/ip.ts';
import { parseLargeCommunity } from '../../../bgp/communities.ts';
import type { Action, Statement } from '../../../bgp/policy/types.ts';
import { readCommunity } from './community.ts';
import { flagAt, numberAt, type Table, tableAt, textAt, textsAt } from './decode.ts';
import { extendedCommunity, extendedPatterns } from './extended.ts';
import { communityPatterns, largePattern, standardPattern } from './patterns.ts';
import type { Reading } from './reading.ts';

export interface ReadActions {
  readonly actions: readonly Action[];
  readonly verdict: Statement['verdict'];
}

export type PrependInside = Required<Extract<Action, { kind: 'prepend' }>>['insideConfed'];

/** The actions of a statement, in the order gobgpd applies them. */
export function readActions(table: Table | null, inside: PrependInside, reading: Reading): ReadActions {
  const bgp = tableAt(table, 'bgp-actions');
  const unasked = [
    tableAt(table, 'igp-actions')?.entries.get('set-tag'),
    bgp?.entries.get('set-route-origin'),
  ];
  for (const entry of unasked) {
    if (entry)
      reading.note(entry.key, String(entry.value), 'gobgpd 3 decodes this action and never does it', false);
  }
  return {
    actions: [
      ...communityActions(bgp, reading),
      ...extCommunityActions(bgp, reading),
      ...largeCommunityActions(bgp, reading),
      ...medActions(bgp, reading),
      ...localPreferenceActions(bgp),
      ...prependActions(bgp, inside, reading),
      ...nextHopActions(bgp, reading),
    ],
    verdict: verdictOf(table, reading),
  };
}

function verdictOf(table: Table | null, reading: Reading): Statement['verdict'] {
  const text = textAt(table, 'route-disposition');
  if (text === 'accept-route') return 'accept';
  if (text === 'reject-route') return 'reject';
  const source = table?.entries.get('route-disposition')?.source;
  if (source && text !== '' && text !== 'none') {
    reading.unrecognised(
      source,
      `route-disposition = "${text}"`,
      'gobgpd takes it for none: it knows accept-route, reject-route and none',
    );
  }
  return 'next';
}

/** `options` and the texts of a set-community table; null where nothing is set. */
function communityTable(
  bgp: Table | null,
  name: 'set-community' | 'set-ext-community' | 'set-large-community',
  reading: Reading,
): {
  readonly options: 'add' | 'remove' | 'replace';
  readonly texts: readonly string[];
  readonly table: Table;
} | null {
  const table = tableAt(bgp, name);
  if (!table) return null;
  const method = tableAt(table, `${name}-method`);
  const texts = textsAt(method, 'communities-list');
  // An action without communities does not get through gobgpd's own API (toStatementApi).
  if (texts.length === 0 && !isEmptying(name, table)) return null;
  const reference = method?.entries.get('community-set-ref');
  if (reference)
    reading.note(reference.key, 'community-set-ref', 'gobgpd 3 decodes this and never looks at it', false);
  const options = textAt(table, 'options');
  if (options === 'add' || options === 'remove' || options === 'replace') return { options, texts, table };
  const entry = table.entries.get('options');
  if (entry) {
    reading.unrecognised(entry.source, `options = "${options}"`, 'gobgpd takes it for add');
    return { options: 'add', texts, table };
  }
  if (texts.length > 0)
    reading.refuse(
      table.source,
      'gobgpd is told communities without options',
      'Write add, remove or replace.',
    );
  return null;
}

/** A command that replaces by nothing takes all away; extended ones are left as an empty attribute, which is not followed. */
function isEmptying(name: string, table: Table): boolean {
  return name !== 'set-ext-community' && flagAt(table, 'emptied') && textAt(table, 'options') === 'replace';
}

function parsed(
  texts: readonly string[],
  parse: (text: string) => string | null,
  table: Table,
  reading: Reading,
): string[] {
  return texts.flatMap((text) => {
    const community = parse(text);
    if (community !== null) return [community];
    reading.losePolicies(table.source, `'${text}' is not a community`, 'Correct it.', text);
    return [];
  });
}

function communityActions(bgp: Table | null, reading: Reading): Action[] {
  const found = communityTable(bgp, 'set-community', reading);
  if (!found) return [];
  const { options, texts, table } = found;
  if (options === 'remove') {
    return [
      { kind: 'community-delete', set: communityPatterns('remove', texts, standardPattern, table, reading) },
    ];
  }
  return [
    {
      kind: 'community',
      op: options,
      communities: parsed(texts, readCommunity, table, reading),
      inOrder: true,
    },
  ];
}

function extCommunityActions(bgp: Table | null, reading: Reading): Action[] {
  const found = communityTable(bgp, 'set-ext-community', reading);
  if (!found) return [];
  const { options, texts, table } = found;
  if (options === 'remove')
    return [{ kind: 'extended-community-delete', patterns: extendedPatterns(texts, table, reading) }];
  const communities = parsed(texts, extendedCommunity, table, reading);
  return [{ kind: 'extended-community', op: options, communities, inOrder: true }];
}

function largeCommunityActions(bgp: Table | null, reading: Reading): Action[] {
  const found = communityTable(bgp, 'set-large-community', reading);
  if (!found) return [];
  const { options, texts, table } = found;
  if (options === 'remove') {
    const set = communityPatterns('remove', texts, largePattern, table, reading);
    return [{ kind: 'large-community-delete', set }];
  }
  return [
    {
      kind: 'large-community',
      op: options,
      communities: parsed(texts, parseLargeCommunity, table, reading),
      inOrder: true,
    },
  ];
}

function medActions(bgp: Table | null, reading: Reading): Action[] {
  const text = textAt(bgp, 'set-med');
  if (text === '') return [];
  const [, sign, digits] = /^([+-]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined) {
    const source = bgp?.entries.get('set-med')?.source;
    if (source) reading.unrecognised(source, `set-med = "${text}"`, 'gobgpd leaves the MED as it is');
    return [];
  }
  const op = sign === '+' ? 'add' : sign === '-' ? 'subtract' : 'set';
  // Path.SetMed refuses what would leave 32 bits, and the MED stays as it was.
  return [{ kind: 'med', amount: { op, value: Number(digits), ...(op === 'set' ? {} : { strict: true }) } }];
}

/** 0 is "not given" (NewLocalPrefAction). */
function localPreferenceActions(bgp: Table | null): Action[] {
  const value = numberAt(bgp, 'set-local-pref');
  return value === 0 ? [] : [{ kind: 'local-preference', amount: { op: 'set', value } }];
}

function prependActions(bgp: Table | null, inside: PrependInside, reading: Reading): Action[] {
  const table = tableAt(bgp, 'set-as-path-prepend');
  const text = textAt(table, 'as');
  const times = numberAt(table, 'repeat-n');
  if (!table || (text === '' && times === 0)) return [];
  if (text === 'last-as') return [{ kind: 'prepend-last-as', times, insideConfed: inside }];
  if (/^\d{1,10}$/.test(text) && times <= 255) {
    return [
      { kind: 'prepend', asns: Array.from({ length: times }, () => Number(text)), insideConfed: inside },
    ];
  }
  reading.refuse(table.source, `gobgpd cannot prepend '${text}'`, 'Give an ASN, and 1 to 255 times.');
  return [];
}

function nextHopActions(bgp: Table | null, reading: Reading): Action[] {
  const text = textAt(bgp, 'set-next-hop');
  if (text === '') return [];
  const lower = text.toLowerCase();
  if (lower === 'self' || lower === 'unchanged') return [{ kind: 'next-hop', value: lower }];
  const address = parseAddress(text);
  if (address?.family === 6) return [{ kind: 'next-hop', value: address }];
  // On IPv6 routes it becomes ::ffff:a.b.c.d.
  if (address)
    return [
      { kind: 'next-hop', value: address, only: 4 },
      { kind: 'next-hop', value: mappedAddress(address), only: 6 },
    ];
  const source = bgp?.entries.get('set-next-hop')?.source;
  if (source) reading.losePolicies(source, `set-next-hop '${text}'`, 'Give an address, self or unchanged.');
  return [];
}
