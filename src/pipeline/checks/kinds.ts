import { parseAddress } from '../../base/ip.ts';
import type { Positioned, PositionedEntry, SourceRange } from '../../base/source.ts';
import type {
  Assertion,
  CheckKind,
  FailureKind,
  RouteExpectation,
  SessionName,
  Target,
} from '../../simulator/checks/declared/types.ts';
import { invalid, list, mapping, onlyKeys } from '../topology/fields.ts';
import {
  flag,
  hostSet,
  needed,
  prefixList,
  prefixOfText,
  type Reading,
  sessionName,
  texts,
  wholeNumber,
  word,
} from './reading.ts';

/** Reads the value behind the key of one kind of check; null after saying what is wrong. */
export type ReadKind = (reading: Reading, entry: PositionedEntry) => Assertion | null;

/** The keys a check may have beside `name`, each with its reader. */
export const kinds: Readonly<Record<CheckKind, ReadKind>> = {
  reachable: readReachable,
  route: readRoute,
  routes: readRoutes,
  no_leak: readNoLeak,
  spread: readSpread,
  survives: readSurvives,
  order_independent: (reading, { node }) => ({
    kind: 'order_independent',
    prefixes: someOrAll(reading, node, 'order_independent'),
  }),
  no_loop: (reading, { node }) => ({ kind: 'no_loop', prefixes: someOrAll(reading, node, 'no_loop') }),
  no_black_hole: (reading, { node }) => ({
    kind: 'no_black_hole',
    prefixes: someOrAll(reading, node, 'no_black_hole'),
  }),
  sessions: readSessions,
};

/** The mapping behind a kind, with only the keys it knows. */
function entriesOf(reading: Reading, { node }: PositionedEntry, what: string, keys: readonly string[]) {
  const entries = mapping(node, what, reading.faults);
  onlyKeys(entries, keys, what, reading.faults);
  return entries;
}

function readReachable(reading: Reading, entry: PositionedEntry): Assertion | null {
  const entries = entriesOf(reading, entry, 'reachable', ['from', 'to', 'one_way']);
  if (!entry.node.entries) return null;
  const from = needed(reading, entries, 'from', 'reachable', entry.key);
  const to = needed(reading, entries, 'to', 'reachable', entry.key);
  const oneWay = entries.get('one_way');
  if (!from || !to) return null;
  return {
    kind: 'reachable',
    from: hostSet(reading, from, 'from'),
    to: texts(reading, to, 'to').flatMap(({ value, source }) => target(reading, value, source) ?? []),
    back: !(oneWay && flag(reading, oneWay.node, 'one_way')),
  };
}

/** An address, a network, or hosts by a pattern. */
function target(reading: Reading, value: string, source: SourceRange): Target | null {
  const address = parseAddress(value);
  if (address) return { kind: 'address', text: address.text, address };
  if (/^[0-9a-fA-F:.]+\/[^/]*$/.test(value)) {
    const prefix = prefixOfText(reading, value, source);
    return prefix ? { kind: 'prefix', text: prefix.text, prefix } : null;
  }
  return { kind: 'hosts', hosts: hostSet(reading, { value, source }, 'to') };
}

function readRoute(reading: Reading, entry: PositionedEntry): Assertion | null {
  const keys = ['host', 'prefix', 'state', 'via', 'paths', 'as_path', 'from'];
  const entries = entriesOf(reading, entry, 'route', keys);
  if (!entry.node.entries) return null;
  const hosts = needed(reading, entries, 'host', 'route', entry.key);
  const prefixes = needed(reading, entries, 'prefix', 'route', entry.key);
  const state = entries.get('state');
  const present = !state || word(reading, state.node, 'state', ['present', 'absent']) !== 'absent';
  const details = routeDetails(reading, entries);
  if (!present && Object.keys(details).length > 0) {
    reading.faults.push(
      invalid(entry.key, 'a route that must be absent has no paths to look at', {
        found: Object.keys(details).join(', '),
        fix: 'remove via, paths, as_path and from, or state: absent',
      }),
    );
  }
  if (!hosts || !prefixes) return null;
  const { names } = hostSet(reading, hosts, 'host');
  const wanted = prefixList(reading, prefixes, 'prefix');
  const expectations = names.flatMap((host) =>
    wanted.map((prefix): RouteExpectation => ({ host, prefix, present, ...details, source: entry.key })),
  );
  return { kind: 'route', expectations, exactly: [] };
}

function routeDetails(
  reading: Reading,
  entries: ReadonlyMap<string, PositionedEntry>,
): Pick<RouteExpectation, 'via' | 'paths' | 'asPath' | 'from'> {
  const [via, paths, asPath, from] = ['via', 'paths', 'as_path', 'from'].map((key) => entries.get(key)?.node);
  const width = paths ? wholeNumber(reading, paths, 'paths', 1) : null;
  const path = asPath ? asPathText(reading, asPath) : null;
  const sender = from ? texts(reading, from, 'from')[0]?.value : undefined;
  return {
    ...(via ? { via: nextHops(reading, via) } : {}),
    ...(width === null ? {} : { paths: width }),
    ...(path === null ? {} : { asPath: path }),
    ...(sender === undefined ? {} : { from: parseAddress(sender)?.text ?? sender }),
  };
}

/** `"65001 65002"`, or empty quotes for a route of the own AS. */
function asPathText(reading: Reading, node: Positioned): string | null {
  if (node.value === '') return '';
  return texts(reading, node, 'as_path')[0]?.value.trim().replace(/\s+/g, ' ') ?? null;
}

/** Next hops are addresses, or interfaces where there is no address (unnumbered). */
function nextHops(reading: Reading, node: Positioned): readonly string[] {
  return texts(reading, node, 'via').map(({ value }) => parseAddress(value)?.text ?? value);
}

function readRoutes(reading: Reading, entry: PositionedEntry): Assertion | null {
  const entries = entriesOf(reading, entry, 'routes', ['host', 'exact', 'via']);
  if (!entry.node.entries) return null;
  const hosts = needed(reading, entries, 'host', 'routes', entry.key);
  const via = needed(reading, entries, 'via', 'routes', entry.key);
  const exact = entries.get('exact');
  const isExact = exact !== undefined && flag(reading, exact.node, 'exact') === true;
  if (!hosts || !via) return null;
  const { names } = hostSet(reading, hosts, 'host');
  const rows = [...mapping(via, 'via', reading.faults)].flatMap(([key, { key: source, node }]) => {
    const prefix = prefixOfText(reading, key, source);
    return prefix ? [{ prefix, via: nextHops(reading, node), source }] : [];
  });
  const expectations = names.flatMap((host) => rows.map((row) => ({ host, present: true, ...row })));
  return { kind: 'routes', expectations, exactly: isExact ? names : [] };
}

function readNoLeak(reading: Reading, entry: PositionedEntry): Assertion | null {
  const entries = entriesOf(reading, entry, 'no_leak', ['prefixes', 'not_in', 'not_sent_to']);
  if (!entry.node.entries) return null;
  const prefixes = needed(reading, entries, 'prefixes', 'no_leak', entry.key);
  const notIn = entries.get('not_in');
  const notSentTo = entries.get('not_sent_to');
  if (!notIn && !notSentTo) {
    reading.faults.push(
      invalid(entry.key, 'no_leak draws no border', {
        expected: 'not_in, not_sent_to or both',
        fix: 'say whose tables must not hold the prefixes (not_in), or to whom they must not be sent (not_sent_to)',
      }),
    );
  }
  if (!prefixes) return null;
  const peers = notSentTo ? texts(reading, notSentTo.node, 'not_sent_to') : [];
  const patterns = peers.filter(({ value }) => parseAddress(value) === null);
  return {
    kind: 'no_leak',
    prefixes: prefixList(reading, prefixes, 'prefixes'),
    notIn: notIn ? hostSet(reading, notIn.node, 'not_in') : null,
    notSentTo: {
      hosts:
        patterns.length > 0
          ? hostSet(
              reading,
              { value: null, source: entry.key, items: patterns.map((one) => ({ ...one })) },
              'not_sent_to',
            )
          : null,
      peers: peers.flatMap(({ value }) => parseAddress(value)?.text ?? []),
    },
  };
}

function readSpread(reading: Reading, entry: PositionedEntry): Assertion | null {
  const entries = entriesOf(reading, entry, 'spread', ['prefix', 'from', 'primary']);
  if (!entry.node.entries) return null;
  const node = needed(reading, entries, 'prefix', 'spread', entry.key);
  const from = entries.get('from');
  const primary = entries.get('primary');
  const [prefix] = node ? prefixList(reading, node, 'prefix') : [];
  if (!prefix) return null;
  return {
    kind: 'spread',
    prefix,
    from: from ? hostSet(reading, from.node, 'from') : { text: 'all', names: reading.hosts },
    primary: primary ? hostSet(reading, primary.node, 'primary') : null,
  };
}

const failureKinds: readonly FailureKind[] = ['links', 'hosts', 'sessions'];

function readSurvives(reading: Reading, entry: PositionedEntry): Assertion | null {
  const entries = entriesOf(reading, entry, 'survives', [...failureKinds, 'checks']);
  if (!entry.node.entries) return null;
  const given = failureKinds.flatMap((kind) => {
    const found = entries.get(kind);
    return found ? [{ kind, count: wholeNumber(reading, found.node, kind, 1) ?? 1 }] : [];
  });
  const counts = new Set(given.map(({ count }) => count));
  if (given.length === 0 || counts.size > 1) {
    reading.faults.push(
      invalid(entry.key, given.length === 0 ? 'survives names no failure' : 'survives has several numbers', {
        expected: 'links, hosts or sessions with how many of them fail at once',
        fix:
          given.length === 0
            ? 'add links: 1, hosts: 1 or sessions: 1'
            : 'make a check of its own of each number',
      }),
    );
    return null;
  }
  const named = entries.get('checks');
  const names = named ? texts(reading, named.node, 'checks').map(({ value }) => value) : ['all'];
  return {
    kind: 'survives',
    what: given.map(({ kind }) => kind),
    count: given[0]?.count ?? 1,
    checks: names.includes('all') ? null : names,
  };
}

function readSessions(reading: Reading, entry: PositionedEntry): Assertion | null {
  const entries = entriesOf(reading, entry, 'sessions', ['up', 'down']);
  if (!entry.node.entries) return null;
  const [up, down] = [entries.get('up')?.node, entries.get('down')?.node];
  if (!up && !down) {
    reading.faults.push(
      invalid(entry.key, 'sessions says nothing of any session', {
        expected: 'up, down or both',
        fix: 'add up: all',
      }),
    );
  }
  const all = up?.value === 'all';
  return {
    kind: 'sessions',
    up: all ? null : up ? sessionNames(reading, up, 'up') : [],
    down: down ? sessionNames(reading, down, 'down') : [],
  };
}

function sessionNames(reading: Reading, node: Positioned, what: string): readonly SessionName[] {
  const items = node.items ? node : { ...node, items: [node] };
  return list(items, what, reading.faults).flatMap((item) =>
    texts(reading, item, what).flatMap(({ value, source }) => sessionName(reading, value, source) ?? []),
  );
}

/** `all`, or a list of networks. */
function someOrAll(reading: Reading, node: Positioned, what: string) {
  return node.value === 'all' || node.value === true ? [] : prefixList(reading, node, what);
}
