import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import { nearestName } from '../../base/nearest.ts';
import type { Positioned, PositionedEntry } from '../../base/source.ts';
import { parseYaml } from '../../base/yaml.ts';
import type { CheckKind, DeclaredCheck } from '../../simulator/checks/declared/types.ts';
import { invalid, list, mapping, missingKey, onlyKeys, shown, text } from '../topology/fields.ts';
import { kinds } from './kinds.ts';
import type { Reading, SelectHosts } from './reading.ts';

/** checks.yml as the simulator runs it. */
export interface ReadChecks {
  /** Empty where there is an error. */
  readonly checks: readonly DeclaredCheck[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads checks.yml: `checks:` is a list of mappings with one kind of check each and an optional `name`. `select` resolves patterns
 * of hosts. Every fault with its place, all of them at once; never throws.
 */
export function readChecks(
  content: string,
  file: string,
  select: SelectHosts,
  hosts: readonly string[],
): ReadChecks {
  const { root, diagnostics } = parseYaml(content, file);
  const faults: Diagnostic[] = [...diagnostics];
  if (!root || root.value === null) return { checks: [], diagnostics: faults };
  const top = mapping(root, 'the file of checks', faults);
  onlyKeys(top, ['checks'], 'the file of checks', faults);
  const entries = top.get('checks');
  if (!entries && root.entries) faults.push(missingKey('the file of checks', 'checks', root.source));
  const reading: Reading = { faults, select, hosts };
  const checks = entries
    ? list(entries.node, 'checks', faults).flatMap((node) => readCheck(reading, node) ?? [])
    : [];
  const named = withNames(checks, faults);
  faults.push(...unknownChecks(named));
  return { checks: hasErrors(faults) ? [] : named.map(({ check }) => check), diagnostics: faults };
}

/** A check before names are made unique. */
interface Draft {
  readonly check: DeclaredCheck;
  readonly given: boolean;
}

function readCheck(reading: Reading, node: Positioned): Draft | null {
  const { faults } = reading;
  const entries = mapping(node, 'a check', faults);
  if (!node.entries) return null;
  const known = Object.keys(kinds) as CheckKind[];
  onlyKeys(entries, ['name', ...known], 'a check', faults);
  const present = known.filter((kind) => entries.has(kind));
  const [kind, second] = present;
  const entry = kind === undefined ? undefined : entries.get(kind);
  if (kind === undefined || !entry || second !== undefined) {
    const unknown = [...entries.keys()].some((key) => key !== 'name' && !known.includes(key as CheckKind));
    if (second !== undefined || !unknown) faults.push(notOneKind(node, entries, present, known));
    return null;
  }
  const name = entries.get('name');
  const given = name ? text(name.node, 'name', faults) : null;
  const assertion = kinds[kind](reading, entry);
  if (!assertion) return null;
  const source = name && given !== null ? name.node.source : entry.key;
  return { check: { name: given ?? describe(kind, entry), source, assertion }, given: given !== null };
}

function notOneKind(
  node: Positioned,
  entries: ReadonlyMap<string, PositionedEntry>,
  present: readonly string[],
  known: readonly string[],
): Diagnostic {
  const place = [...entries.values()][0]?.key ?? node.source;
  return invalid(place, present.length === 0 ? 'this check checks nothing' : 'this check has several kinds', {
    found: present.join(', ') || 'no kind',
    expected: `one of ${known.join(', ')}`,
    fix: present.length === 0 ? 'add what is to be checked' : 'make a check of its own of each',
  });
}

/** A name made of what is checked: `reachable web01 to web02`. */
function describe(kind: CheckKind, { node }: PositionedEntry): string {
  const words = (key: string) => {
    const value = node.entries?.get(key)?.node;
    if (!value) return null;
    const parts = value.items ? value.items.map((item) => String(item.value)) : [String(value.value)];
    return shown(parts.join(', '));
  };
  const parts = details[kind].flatMap(([before, key]) => {
    const found = words(key);
    return found === null ? [] : [`${before} ${found}`.trim()];
  });
  return [kind.replaceAll('_', ' '), ...parts].join(' ').replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

/** What of a check makes its name: the word in front, and the key. */
const details: Readonly<Record<CheckKind, readonly (readonly [string, string])[]>> = {
  reachable: [
    ['from', 'from'],
    ['to', 'to'],
  ],
  route: [
    ['of', 'host'],
    ['to', 'prefix'],
    ['', 'state'],
  ],
  routes: [['of', 'host']],
  no_leak: [
    ['of', 'prefixes'],
    ['into', 'not_in'],
    ['towards', 'not_sent_to'],
  ],
  spread: [['of', 'prefix']],
  survives: [
    ['links', 'links'],
    ['hosts', 'hosts'],
    ['sessions', 'sessions'],
  ],
  order_independent: [],
  no_loop: [],
  no_black_hole: [],
  sessions: [],
};

/** A name given twice is a fault; one we made gets a number. */
function withNames(drafts: readonly Draft[], faults: Diagnostic[]): readonly Draft[] {
  const places = new Map<string, DeclaredCheck>();
  return drafts.map(({ check, given }) => {
    const first = places.get(check.name);
    if (first && given) {
      faults.push({
        rule: 'duplicate-entry',
        severity: 'error',
        message: `two checks have the name ${shown(check.name)}`,
        ranges: [check.source],
        related: [{ ...first.source, note: 'first written here' }],
        found: shown(check.name),
        fix: 'give one of them another name',
      });
    }
    let { name } = check;
    for (let number = 2; places.has(name); number++) name = `${check.name} (${number})`;
    places.set(name, check);
    return { check: { ...check, name }, given };
  });
}

/** `survives` may name other checks, and none that is itself of that kind. */
function unknownChecks(drafts: readonly Draft[]): readonly Diagnostic[] {
  const names = drafts.flatMap(({ check }) => (check.assertion.kind === 'survives' ? [] : [check.name]));
  return drafts.flatMap(({ check }) => {
    if (check.assertion.kind !== 'survives') return [];
    return (check.assertion.checks ?? [])
      .filter((name) => !names.includes(name))
      .map((name): Diagnostic => {
        const nearest = nearestName(name, names);
        return {
          rule: 'unknown-check',
          severity: 'error',
          message: `survives names the check ${shown(name)}, which is not in the file`,
          ranges: [check.source],
          found: shown(name),
          expected: 'the name of another check, or all',
          ...(nearest ? { nearest } : {}),
          fix: nearest ? `write ${nearest}` : 'write all, or the name of a check',
        };
      });
  });
}
