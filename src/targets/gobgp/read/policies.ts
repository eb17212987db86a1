import type { SourceRange } from '../../../base/source.ts';
import type { Policy, PolicyChain, Statement } from '../../../bgp/policy/types.ts';
import { type PrependInside, readActions } from './actions.ts';
import { readConditions } from './conditions.ts';
import { numberAt, type Table, tableAt, tablesAt, textAt, textsAt } from './decode.ts';
import type { Reading } from './reading.ts';
import type { DefinedSets } from './sets.ts';

export interface Assigned {
  readonly imports: PolicyChain;
  readonly exports: PolicyChain;
}

/** The global policies are those of all neighbors but route-server clients, which have their own (`apply-policy` of the neighbor). */
export interface AssignedPolicies extends Assigned {
  readonly ofClient: (applied: Table | null) => Assigned;
}

export function readPolicies(file: Table, sets: DefinedSets, reading: Reading): AssignedPolicies {
  const definitions = new Map<string, readonly Statement[]>();
  const context = { sets, names: new Map<string, Table>(), reading, inside: insideOf(file) };
  for (const table of tablesAt(file, 'policy-definitions')) {
    const name = textAt(table, 'name');
    if (name === '')
      reading.refuse(table.source, 'gobgpd has no use for a policy without name', 'Give it a name.');
    if (definitions.has(name))
      reading.losePolicies(table.source, `a second policy is called '${name}'`, 'Name it differently.', name);
    definitions.set(name, readStatements(table, name, context));
  }
  const applied = tableAt(file, 'global', 'apply-policy', 'config');
  const known = reading.policiesLost ? new Map<string, never>() : definitions;
  const made = new Map<Table | null, Assigned>();
  const ofClient = (table: Table | null): Assigned => {
    const assigned = made.get(table) ?? {
      imports: clientChain('import', table, known, reading),
      exports: clientChain('export', table, known, reading),
    };
    made.set(table, assigned);
    return assigned;
  };
  if (reading.policiesLost) return { imports: [], exports: [], ofClient };
  return {
    imports: chain('import', applied, definitions, reading),
    exports: chain('export', applied, definitions, reading),
    ofClient,
  };
}

/** A list that cannot be made leaves a client without policies and without default: nothing passes (setPeerPolicy). */
function clientChain(
  direction: 'import' | 'export',
  applied: Table | null,
  definitions: ReadonlyMap<string, readonly Statement[]>,
  reading: Reading,
): PolicyChain {
  const key = `${direction}-policy-list`;
  const names = textsAt(applied, key);
  const wrong = names.filter((name, index) => !definitions.has(name) || names.indexOf(name) < index);
  if (wrong.length === 0) return chain(direction, applied, definitions, reading);
  const place = applied?.entries.get(key)?.source ?? null;
  const effect = 'gobgpd lets nothing through for this client';
  for (const name of wrong) {
    if (!place) break;
    if (!definitions.has(name)) reading.undefinedName(place, 'policy', name, definitions.keys(), effect);
    else
      reading.refuse(place, `${effect}: the policy '${name}' stands twice in ${key}`, 'Name it once.', name);
  }
  return [{ name: direction, statements: [], otherwise: 'reject', source: place }];
}

/** Where ASNs that are put in front go into the confederation's segment: to members by the list, which may name the own AS (IsConfederationMember). */
function insideOf(file: Table): PrependInside {
  const members = tableAt(file, 'global', 'confederation', 'config')?.entries.get('member-as-list')?.value;
  const own = numberAt(tableAt(file, 'global', 'config'), 'as');
  return Array.isArray(members) && (members as readonly unknown[]).includes(own) ? 'all' : 'others';
}

interface StatementContext {
  readonly sets: DefinedSets;
  /** Of statements so far, over all policies. */
  readonly names: Map<string, Table>;
  readonly reading: Reading;
  readonly inside: PrependInside;
}

function readStatements(
  table: Table,
  policy: string,
  { sets, names, reading, inside }: StatementContext,
): readonly Statement[] {
  return tablesAt(table, 'statements').map((each, index) => {
    const name = textAt(each, 'name') || `${policy}_stmt${index}`;
    // Policies of the command line may share a statement.
    if ((names.get(name) ?? each) !== each) {
      const message = `a second statement is called '${name}'`;
      reading.losePolicies(each.source, message, 'Name each statement differently, over all policies.', name);
    }
    names.set(name, each);
    const { actions, verdict } = readActions(tableAt(each, 'actions'), inside, reading);
    return {
      label: name,
      conditions: readConditions(tableAt(each, 'conditions'), sets, reading),
      actions,
      verdict,
      call: null,
      onMatch: 'exit',
      source: each.source,
    };
  });
}

/**
 * The policies of one direction as one: their statements in order until one accepts or rejects, then the default. What a statement
 * without verdict changed stays changed.
 */
function chain(
  direction: 'import' | 'export',
  applied: Table | null,
  definitions: ReadonlyMap<string, readonly Statement[]>,
  reading: Reading,
): PolicyChain {
  const key = `${direction}-policy-list`;
  const place = applied?.entries.get(key)?.source ?? applied?.source;
  const names = textsAt(applied, key);
  const statements = names.flatMap((name, index) => {
    const found = definitions.get(name);
    if (!found && place)
      reading.undefinedName(place, 'policy', name, definitions.keys(), `gobgpd runs without ${key}`);
    if (names.indexOf(name) < index && place) {
      const message = `gobgpd runs without ${key}: the policy '${name}' stands twice in it`;
      reading.refuse(place, message, 'Name it once.', name);
    }
    return found ?? [];
  });
  const otherwise = defaultVerdict(applied, `default-${direction}-policy`, reading);
  // The list is refused as a whole, and with it the default (seen on 3.10).
  if (names.some((name, index) => !definitions.has(name) || names.indexOf(name) < index)) return [];
  if (statements.length === 0 && otherwise === 'accept') return [];
  const policy: Policy = {
    name: direction,
    statements,
    otherwise,
    source: place ?? null,
  };
  return [policy];
}

function defaultVerdict(applied: Table | null, key: string, reading: Reading): 'accept' | 'reject' {
  const text = textAt(applied, key);
  const entry = applied?.entries.get(key);
  if (entry && text !== 'accept-route' && text !== 'reject-route') {
    const effect = 'gobgpd takes anything but reject-route for accept-route';
    reading.unrecognised(entry.source satisfies SourceRange, `${key} = "${text}"`, effect);
  }
  return text === 'reject-route' ? 'reject' : 'accept';
}
