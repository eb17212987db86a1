import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { frrOnly, harmless, modelled, numberOf, text } from './make.ts';
import { lists } from './route-map-lines.ts';
import { routeMapMatches } from './route-map-matches.ts';
import { routeMapSets } from './route-map-sets.ts';

function openEntry(reading: Reading, args: Arguments, negated: boolean): void {
  const name = text(args, 'name');
  const seq = numberOf(args, 'seq');
  const maps = reading.policies.routeMaps;
  if (negated) {
    maps.get(name)?.entries.delete(seq);
    return;
  }
  const optimized = reading.dialect !== 'quagga-1.2';
  const map = maps.get(name) ?? { source: reading.source, optimized, entries: new Map() };
  maps.set(name, map);
  const known = map.entries.get(seq);
  const permit = args.get('action') === 'permit';
  const entry = known
    ? { ...known, permit }
    : {
        seq,
        permit,
        source: reading.source,
        matches: new Map(),
        sets: new Map(),
        call: null,
        onMatch: 'exit' as const,
      };
  map.entries.set(seq, entry);
  reading.routeMapEntry = entry;
  reading.mode = 'route-map';
}

function goto(reading: Reading, args: Arguments, negated: boolean): void {
  const entry = reading.routeMapEntry;
  if (!entry) return;
  const target = numberOf(args, 'seq');
  if (negated) entry.onMatch = 'exit';
  else if (!entry.permit) refuseAfterDeny(reading);
  else if (target <= entry.seq)
    reading.refuseTransaction(
      `route-map entry ${entry.seq} cannot jump back to ${target}`,
      'Give the number of a later entry.',
    );
  else entry.onMatch = { goto: target };
}

function refuseAfterDeny(reading: Reading): void {
  reading.refuseTransaction(
    'nothing goes on after a deny: the daemon refuses the line',
    'Remove the line: a route that a deny entry matches is denied at once.',
  );
}

const flow: readonly FamilyCommand[] = [
  modelled(
    'call {map:WORD}',
    (reading, args, negated) => {
      const entry = reading.routeMapEntry;
      const map = text(args, 'map');
      if (!entry) return;
      if (!negated && reading.policies.routeMaps.get(map)?.entries.get(entry.seq) === entry)
        reading.refuseTransaction(`route-map ${map} calls itself`, 'Remove the line.');
      else entry.call = negated ? null : reading.reference(map);
    },
    lists,
  ),
  modelled(
    'on-match next',
    (reading, _args, negated) => {
      if (reading.routeMapEntry?.permit === false && !negated) refuseAfterDeny(reading);
      else if (reading.routeMapEntry) reading.routeMapEntry.onMatch = negated ? 'exit' : 'next';
    },
    lists,
  ),
  modelled('on-match goto {seq:SEQ}', goto, lists),
  modelled('continue {seq:SEQ}', goto, lists),
  modelled(
    'continue',
    (reading, _args, negated) => {
      if (reading.dialect !== 'quagga-1.2' && !negated)
        reading.refuse(
          '`continue` without a number is refused by FRR',
          'Write `on-match next`, or give the number.',
        );
      else if (reading.routeMapEntry) reading.routeMapEntry.onMatch = negated ? 'exit' : 'next';
    },
    lists,
  ),
  ...harmless(['description {text:LINE}'], lists),
];

/** `route-map NAME ACTION SEQ` itself, at the top. */
export const routeMapOpeners: readonly FamilyCommand[] = [
  modelled('route-map {name:WORD} {action=permit|deny} {seq:SEQ}', openEntry, lists),
  modelled(
    'route-map {name:WORD}',
    (reading, args, negated) => {
      if (negated) reading.policies.routeMaps.delete(text(args, 'name'));
      else reading.unrecognised('a route-map line without permit or deny and a number');
    },
    lists,
  ),
  modelled(
    'route-map {name:WORD} optimization',
    (reading, args, negated) => {
      const map = reading.policies.routeMaps.get(text(args, 'name'));
      if (map) map.optimized = !negated;
    },
    { ...lists, dialects: frrOnly },
  ),
];

/** Lines below a route-map entry. */
export const routeMapCommands: readonly FamilyCommand[] = [...flow, ...routeMapMatches, ...routeMapSets];
