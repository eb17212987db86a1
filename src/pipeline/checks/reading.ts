import { lengthFault } from '../../base/address-fault.ts';
import { hasHostBits, type Prefix, parseAddress, parsePrefix } from '../../base/ip.ts';
import { nearestName } from '../../base/nearest.ts';
import type { Positioned, PositionedEntry, SourceRange } from '../../base/source.ts';
import type { HostSet, SessionName } from '../../simulator/checks/declared/types.ts';
import { type Faults, invalid, missingKey, shown, text } from '../topology/fields.ts';

/** Chooses hosts by a pattern; where it chooses none, why. */
export type SelectHosts = (pattern: string) => {
  readonly hosts: readonly string[];
  readonly fault: { readonly message: string; readonly nearest?: string; readonly fix?: string } | null;
};

/** What reading a value of checks.yml needs beside the value. */
export interface Reading {
  readonly faults: Faults;
  readonly select: SelectHosts;
  /** Names of all hosts. */
  readonly hosts: readonly string[];
}

/** Hosts by a pattern, or a list of patterns. */
export function hostSet(reading: Reading, node: Positioned, what: string): HostSet {
  const patterns = texts(reading, node, what);
  const names = new Set<string>();
  for (const { value, source } of patterns) {
    const { hosts, fault } = reading.select(value);
    for (const host of hosts) names.add(host);
    if (fault) {
      reading.faults.push({
        rule: 'host-pattern',
        severity: 'error',
        message: fault.message,
        ranges: [source],
        found: shown(value),
        ...(fault.nearest === undefined ? {} : { nearest: fault.nearest }),
        ...(fault.fix === undefined ? {} : { fix: fault.fix }),
      });
    }
  }
  return { text: patterns.map(({ value }) => value).join(', '), names: [...names] };
}

/** A text or a list of texts, each with its place. */
export function texts(
  { faults }: Reading,
  node: Positioned,
  what: string,
): readonly { readonly value: string; readonly source: SourceRange }[] {
  return (node.items ?? [node]).flatMap((item) => {
    const value = text(item, what, faults);
    return value === null ? [] : [{ value, source: item.source }];
  });
}

/** One network; a bare address is its /32 or /128. */
export function prefixOfText({ faults }: Reading, value: string, source: SourceRange): Prefix | null {
  const address = parseAddress(value);
  const parsed = parsePrefix(address ? `${value}/${address.family === 4 ? 32 : 128}` : value);
  if (!parsed) {
    const { why } = lengthFault(value);
    faults.push({
      rule: 'invalid-address',
      severity: 'error',
      message: `${shown(value)} ${why === 'is not an address' ? 'is not a network' : why}`,
      ranges: [source],
      found: shown(value),
      expected: 'a network as in 10.0.0.0/24',
      fix: 'write the network with its length',
    });
    return null;
  }
  if (hasHostBits(value)) {
    faults.push({
      rule: 'host-bits',
      severity: 'error',
      message: `${shown(value)} is an address inside ${parsed.text}, not a network`,
      ranges: [source],
      found: shown(value),
      expected: parsed.text,
      nearest: parsed.text,
      fix: `write ${parsed.text}`,
    });
    return null;
  }
  return parsed;
}

export function prefixList(reading: Reading, node: Positioned, what: string): readonly Prefix[] {
  return texts(reading, node, what).flatMap(
    ({ value, source }) => prefixOfText(reading, value, source) ?? [],
  );
}

/** A whole number of at least `least`. */
export function wholeNumber(
  { faults }: Reading,
  node: Positioned,
  what: string,
  least: number,
): number | null {
  const { value } = node;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  faults.push(
    invalid(node.source, `${what} is not a whole number of at least ${least}`, {
      found: shown(String(value)),
      expected: `a whole number of at least ${least}`,
      fix: 'write such a number',
    }),
  );
  return null;
}

export function flag({ faults }: Reading, node: Positioned, what: string): boolean | null {
  if (typeof node.value === 'boolean') return node.value;
  faults.push({
    rule: 'wrong-type',
    severity: 'error',
    message: `${what} is neither true nor false`,
    ranges: [node.source],
    found: shown(String(node.value)),
    expected: 'true or false',
    fix: 'write true or false',
  });
  return null;
}

/** One of a few words. */
export function word<const T extends string>(
  { faults }: Reading,
  node: Positioned,
  what: string,
  allowed: readonly T[],
): T | null {
  const value = text(node, what, faults);
  if (value === null) return null;
  const known = allowed.find((one) => one === value);
  if (known !== undefined) return known;
  const nearest = nearestName(value, allowed);
  faults.push(
    invalid(node.source, `${what} is ${shown(value)}, which is not one of ${allowed.join(', ')}`, {
      found: shown(value),
      expected: allowed.join(', '),
      ...(nearest ? { nearest } : {}),
      fix: nearest ? `write ${nearest}` : `write ${allowed.join(' or ')}`,
    }),
  );
  return null;
}

/** `r1-r3` or `r1-10.0.0.3`: host names may hold hyphens themselves, so every way to cut is tried. */
export function sessionName(reading: Reading, value: string, source: SourceRange): SessionName | null {
  const cut = cutAtHost(value, reading.hosts);
  if (cut) return { text: value, source, ...cut };
  const nearest = nearestName(value.split('-')[0] ?? '', reading.hosts);
  reading.faults.push({
    rule: 'failure-target',
    severity: 'error',
    message: `${shown(value)} is not a session: it does not begin with the name of a host and a hyphen`,
    ranges: [source],
    found: shown(value),
    expected: 'HOST1-HOST2 or HOST-ADDRESS',
    ...(nearest ? { nearest } : {}),
    fix: nearest ? `write ${nearest} for the host, if that is meant` : 'name the two hosts of the session',
  });
  return null;
}

/** The longest host name in front that leaves something behind a hyphen; a second host name is preferred to an address. */
function cutAtHost(
  value: string,
  hosts: Iterable<string>,
): { readonly host: string; readonly peer: string } | null {
  const known = new Set(hosts);
  let found: { host: string; peer: string } | null = null;
  for (let at = value.indexOf('-'); at >= 0; at = value.indexOf('-', at + 1)) {
    const [host, peer] = [value.slice(0, at), value.slice(at + 1)];
    if (!known.has(host) || peer === '') continue;
    if (known.has(peer)) return { host, peer };
    found = { host, peer };
  }
  return found;
}

/** The entry a check cannot do without; the fault is said. */
export function needed(
  { faults }: Reading,
  entries: ReadonlyMap<string, PositionedEntry>,
  key: string,
  what: string,
  source: SourceRange,
): Positioned | null {
  const entry = entries.get(key);
  if (entry) return entry.node;
  faults.push(missingKey(what, key, source));
  return null;
}
