import type { FamilyName } from '../../../base/family.ts';
import type { PolicyChain } from '../../../bgp/policy/types.ts';
import type { PipeEnd, TableConfig, TablePipe } from '../../../bgp/table-config.ts';
import type { ProtocolDraft } from './draft.ts';
import { letsNothingPass } from './filters.ts';
import type { Reading } from './reading.ts';
import { textOf } from './values.ts';

const familyNames: Readonly<Record<string, FamilyName>> = { ipv4: 'ipv4-unicast', ipv6: 'ipv6-unicast' };
const defaultTables = new Set(['master4', 'master6']);

/** The name of a table, undefined where it is the one of the family. */
export function besideTable(name: string | null): string | undefined {
  return name === null || defaultTables.has(name) ? undefined : name;
}

/** The tables beside the default ones that some protocol uses, and the pipes between tables. */
export function tablesBeside(
  protocols: readonly ProtocolDraft[],
  reading: Reading,
): Pick<TableConfig, 'beside' | 'pipes'> {
  const beside = new Map<string, FamilyName>();
  const note = (table: string | null, afi: string) => {
    const [name, family] = [besideTable(table), familyNames[afi]];
    if (name !== undefined && family) beside.set(name, family);
  };
  const pipes: TablePipe[] = [];
  for (const draft of protocols) {
    if (draft.kind !== 'pipe') {
      for (const [afi, { table }] of draft.channels) note(table, afi);
      continue;
    }
    const afi = textOf(draft, 'pipe family') ?? '';
    const family = familyNames[afi];
    if (!family) continue;
    const pipe = { family, ends: endsOf(draft) };
    if (hasSeveralWays([...pipes, pipe].filter((one) => one.family === family))) {
      const effect =
        'a second way from one table to another is not simulated: which one a route takes is open';
      reading.note(draft.source, `protocol pipe ${draft.name}`, effect, true);
      continue;
    }
    for (const { table } of pipe.ends) note(table, afi);
    pipes.push(pipe);
  }
  if (beside.size === 0) return {};
  return { beside: [...beside].map(([name, family]) => ({ name, family })), pipes };
}

/** `import` is what passes from the peer table into the table, `export` the way back; both let everything pass if nothing is said. */
function endsOf(draft: ProtocolDraft): TablePipe['ends'] {
  const channel = draft.channels.get('');
  const end = (table: string | null, policy: PolicyChain | null | undefined): PipeEnd => ({
    table: besideTable(table) ?? null,
    policy: policy?.some(letsNothingPass) ? null : (policy ?? []),
  });
  return [
    end(channel?.table ?? null, channel?.importPolicy),
    end(textOf(draft, 'peer table'), channel?.exportPolicy),
  ];
}

/** May a route come from one table into another, or back into its own, by two ways? BIRD then keeps whichever was first. */
function hasSeveralWays(pipes: readonly TablePipe[]): boolean {
  const tables = new Set(pipes.flatMap(({ ends }) => ends.map(({ table }) => table)));
  return [...tables].some((start) => {
    const seen = new Set<string | null>([start]);
    const follow = (table: string | null, cameBy: TablePipe | null): boolean =>
      pipes.some((pipe) => {
        const far = pipe === cameBy ? null : farEnd(pipe, table);
        if (!far?.policy) return false;
        if (seen.has(far.table)) return true;
        seen.add(far.table);
        return follow(far.table, pipe);
      });
    return follow(start, null);
  });
}

function farEnd({ ends: [a, b] }: TablePipe, table: string | null): PipeEnd | null {
  return a.table === table ? b : b.table === table ? a : null;
}
