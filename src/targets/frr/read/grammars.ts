import { familyCommands } from './commands/family.ts';
import { instanceCommands } from './commands/instance.ts';
import { listCommands } from './commands/lists.ts';
import { neighborCommands } from './commands/neighbor.ts';
import { familyOnlyCommands } from './commands/neighbor-family.ts';
import { routeMapCommands, routeMapOpeners } from './commands/route-map.ts';
import { topCommands } from './commands/top.ts';
import { interfaceCommands, zebraCommands } from './commands/zebra.ts';
import type { DialectId } from './dialect.ts';
import { buildGrammar, type Grammar } from './grammar.ts';
import type { FamilyCommand, Mode, Reading } from './reading.ts';

/** Where a line may be looked up, in the order the daemon climbs out of its nodes. */
export const climb: Readonly<Record<Mode, readonly GrammarName[]>> = {
  top: ['top'],
  interface: ['interface', 'top'],
  router: ['router', 'top'],
  'ipv4-unicast': ['family', 'router', 'top'],
  'ipv6-unicast': ['family', 'router', 'top'],
  'route-map': ['route-map', 'top'],
  skipped: ['top'],
  left: [],
};

export type GrammarName = 'top' | 'interface' | 'router' | 'family' | 'route-map';

/** The mode a line belongs to that was found in this grammar above the present mode. */
export const modeOf: Readonly<Record<GrammarName, Mode | null>> = {
  top: 'top',
  interface: null,
  router: 'router',
  family: null,
  'route-map': null,
};

const tables: Readonly<Record<GrammarName, readonly FamilyCommand[]>> = {
  top: [...topCommands, ...zebraCommands, ...listCommands, ...routeMapOpeners],
  interface: interfaceCommands,
  // Family lines directly below `router bgp` mean IPv4 unicast.
  router: [...instanceCommands, ...neighborCommands, ...familyCommands],
  family: [...familyCommands, ...familyOnlyCommands],
  'route-map': routeMapCommands,
};

/** FRR 10 reads AS numbers in asdot too. */
function inDialect(command: FamilyCommand, dialect: DialectId): FamilyCommand {
  if (dialect !== 'frr-10') return command;
  return { ...command, pattern: command.pattern.replaceAll(':ASN}', ':ASDOT}') };
}

const built = new Map<DialectId, Readonly<Record<GrammarName, Grammar<Reading>>>>();

/** The grammars of one dialect, built when first asked for. */
export function grammarsOf(dialect: DialectId): Readonly<Record<GrammarName, Grammar<Reading>>> {
  const known = built.get(dialect);
  if (known) return known;
  const of = (name: GrammarName): Grammar<Reading> =>
    buildGrammar(
      tables[name]
        .filter((command) => command.dialects?.includes(dialect) ?? true)
        .map((command) => inDialect(command, dialect)),
    );
  const grammars = {
    top: of('top'),
    interface: of('interface'),
    router: of('router'),
    family: of('family'),
    'route-map': of('route-map'),
  };
  built.set(dialect, grammars);
  return grammars;
}
