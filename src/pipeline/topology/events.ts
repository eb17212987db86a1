import { nearestName } from '../../base/nearest.ts';
import type { Positioned, PositionedEntry, SourceRange } from '../../base/source.ts';
import type { Change } from '../../simulator/timeline/change.ts';
import { type Faults, invalid, list, mapping, missingKey, onlyKeys, shown, text } from './fields.ts';
import type { TopologyHost } from './topology.ts';

/** One entry of `events`. */
export interface TopologyEvent {
  /** null: only time passes. */
  readonly change: Exclude<Change, { readonly kind: 'files' }> | LoadedFiles | null;
  /** Seconds; null: not given. */
  readonly delay: number | null;
  readonly record: string | null;
  readonly source: SourceRange;
}

/** Another configuration: the files in the folder `from`. */
export interface LoadedFiles {
  readonly kind: 'files';
  readonly host: string;
  readonly from: string;
}

const actions = [
  'start',
  'stop',
  'kill',
  'link_down',
  'link_up',
  'interface_down',
  'interface_up',
  'files',
] as const;
type Action = (typeof actions)[number];

/** Each event works out the tables of all before it again: beyond this nobody would wait for the end. */
const MOST_EVENTS = 100;

/** What may be named in an event. */
interface Known {
  readonly hosts: readonly TopologyHost[];
  readonly faults: Faults;
}

/** Reads `events`: every fault with its place; an entry with a fault is left out. */
export function readEvents(
  node: Positioned,
  hosts: readonly TopologyHost[],
  faults: Faults,
): readonly TopologyEvent[] {
  const known: Known = { hosts, faults };
  const recorded = new Map<string, SourceRange>();
  const items = list(node, 'events', faults);
  if (items.length > MOST_EVENTS) {
    const detail = {
      found: String(items.length),
      expected: `up to ${MOST_EVENTS}`,
      fix: 'split the timeline',
    };
    faults.push(invalid(node.source, `there are more than ${MOST_EVENTS} events`, detail));
    return [];
  }
  return items.flatMap((item) => {
    const event = readEvent(item, known);
    if (event === null) return [];
    const first = event.record === null ? undefined : recorded.get(event.record);
    if (first && event.record !== null) faults.push(twice(event.record, event.source, first));
    else if (event.record !== null) recorded.set(event.record, event.source);
    return [event];
  });
}

function readEvent(item: Positioned, known: Known): TopologyEvent | null {
  const entries = mapping(item, 'an event', known.faults);
  onlyKeys(entries, [...actions, 'delay', 'record'], 'an event', known.faults);
  const found = actions.filter((action) => entries.has(action));
  if (found.length > 1) {
    const place = entries.get(found[1] ?? '')?.key ?? item.source;
    known.faults.push(
      invalid(place, `an event does one thing, not ${found.join(' and ')}`, {
        found: found.join(', '),
        fix: 'write an event of its own for each',
      }),
    );
    return null;
  }
  const [action] = found;
  const entry = action ? entries.get(action) : undefined;
  const delay = entries.get('delay');
  const record = entries.get('record');
  if (!action && !delay && !record) return nothingToDo(item, entries.size, known);
  const change = action && entry ? readChange(action, entry, known) : null;
  if (action && change === null) return null;
  return {
    change,
    delay: delay ? readDelay(delay.node, known.faults) : null,
    record: record ? text(record.node, 'the name of a record', known.faults) : null,
    source: entry?.key ?? item.source,
  };
}

function nothingToDo(item: Positioned, keys: number, { faults }: Known): null {
  // An unknown key has been reported already.
  if (item.entries && keys === 0) {
    faults.push(
      invalid(item.source, 'the event is empty', { expected: actions.join(', '), fix: 'say what happens' }),
    );
  }
  return null;
}

function readChange(action: Action, entry: PositionedEntry, known: Known): TopologyEvent['change'] {
  switch (action) {
    case 'start':
    case 'stop':
    case 'kill': {
      const hosts = readHostNames(entry.node, action, known);
      return hosts.length > 0 ? { kind: action, hosts } : null;
    }
    case 'link_down':
    case 'link_up': {
      const link = readLink(entry.node, known);
      return link === null ? null : { kind: action === 'link_down' ? 'link-down' : 'link-up', link };
    }
    case 'interface_down':
    case 'interface_up': {
      const found = readInterface(entry, action, known);
      return found && { kind: action === 'interface_down' ? 'interface-down' : 'interface-up', ...found };
    }
    case 'files':
      return readFiles(entry, known);
  }
}

/** A list of hosts, or one. */
function readHostNames(node: Positioned, action: Action, known: Known): readonly string[] {
  const items = typeof node.value === 'string' ? [node] : list(node, action, known.faults);
  if (items.length === 0 && (node.items || node.value === null)) {
    known.faults.push(
      invalid(node.source, `${action} names no host`, { fix: 'name the hosts, as in [r1, r2]' }),
    );
  }
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const host = readHost(item, known);
    if (host === null || seen.has(host)) return [];
    seen.add(host);
    return [host];
  });
}

function readHost(node: Positioned, { hosts, faults }: Known): string | null {
  const name = text(node, 'the name of a host', faults);
  if (name === null) return null;
  const names = hosts.map((host) => host.name);
  if (names.includes(name)) return name;
  const nearest = nearestName(name, names);
  faults.push({
    rule: 'unknown-host',
    severity: 'error',
    message: `${shown(name)} is not a host of the topology`,
    ranges: [node.source],
    found: shown(name),
    ...(nearest ? { nearest } : {}),
    fix: nearest ? `write ${nearest}` : 'add the host, or name another',
  });
  return null;
}

function readLink(node: Positioned, { hosts, faults }: Known): string | null {
  const name = text(node, 'the name of a link', faults);
  if (name === null) return null;
  const links = new Set(hosts.flatMap(({ interfaces }) => interfaces.flatMap(({ link }) => link ?? [])));
  if (links.has(name)) return name;
  const nearest = nearestName(name, links);
  faults.push(
    invalid(node.source, `no interface is on the link ${shown(name)}`, {
      found: shown(name),
      expected: [...links].sort().join(', '),
      ...(nearest ? { nearest } : {}),
      fix: nearest ? `write ${nearest}` : 'name a link that an interface has',
    }),
  );
  return null;
}

/** Both keys of a mapping with `host` and another; null after saying what is wrong. */
function readPair(
  { key, node }: PositionedEntry,
  action: Action,
  second: string,
  known: Known,
): { readonly host: string; readonly other: Positioned } | null {
  const { faults } = known;
  const entries = mapping(node, action, faults);
  if (!node.entries) return null;
  onlyKeys(entries, ['host', second], action, faults);
  const host = entries.get('host');
  const other = entries.get(second);
  if (!host) faults.push(missingKey(action, 'host', key));
  if (!other) faults.push(missingKey(action, second, key));
  const name = host ? readHost(host.node, known) : null;
  return name !== null && other ? { host: name, other: other.node } : null;
}

function readInterface(
  entry: PositionedEntry,
  action: Action,
  known: Known,
): { readonly host: string; readonly interface: string } | null {
  const pair = readPair(entry, action, 'interface', known);
  const name = pair && text(pair.other, 'the name of an interface', known.faults);
  if (!pair || name === null) return null;
  const host = known.hosts.find((one) => one.name === pair.host);
  const names = host?.interfaces.map((one) => one.name) ?? [];
  if (names.includes(name)) return { host: pair.host, interface: name };
  const nearest = nearestName(name, names);
  known.faults.push({
    rule: 'unknown-interface',
    severity: 'error',
    message: `${pair.host} has no interface ${shown(name)}`,
    ranges: [pair.other.source],
    host: pair.host,
    found: shown(name),
    expected: names.join(', '),
    ...(nearest ? { nearest } : {}),
    fix: nearest ? `write ${nearest}` : 'name an interface that the host has in the topology',
  });
  return null;
}

/** The folder is looked for below the topology's own and nowhere else. */
function readFiles(entry: PositionedEntry, known: Known): LoadedFiles | null {
  const pair = readPair(entry, 'files', 'from', known);
  const written = pair && text(pair.other, 'from', known.faults);
  if (!pair || written === null) return null;
  const from = written.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  if (from !== '' && !from.startsWith('/') && !from.split('/').includes('..')) {
    return { kind: 'files', host: pair.host, from };
  }
  known.faults.push(
    invalid(pair.other.source, `${shown(written)} is not a folder beside configs`, {
      found: shown(written),
      expected: 'a path below the folder of topology.yml',
      fix: 'put the files beside configs and name that folder',
    }),
  );
  return null;
}

function readDelay(node: Positioned, faults: Faults): number | null {
  const { value } = node;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  faults.push(
    invalid(node.source, 'delay is not a number of seconds', {
      found: shown(String(value)),
      expected: 'seconds, 0 or more',
      fix: 'write how many seconds pass after the event, as in delay: 12',
    }),
  );
  return null;
}

function twice(name: string, source: SourceRange, first: SourceRange) {
  return {
    rule: 'duplicate-entry',
    severity: 'error',
    message: `two events record ${shown(name)}`,
    ranges: [source],
    related: [{ ...first, note: 'first recorded here' }],
    fix: 'give each record a name of its own',
  } as const;
}
