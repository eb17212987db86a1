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
  'ipv4-unicast': ['ipv4', 'router', 'top'],
  'ipv6-unicast': ['ipv6', 'router', 'top'],
  'route-map': ['route-map', 'top'],
  skipped: ['top'],
  left: [],
};

export type GrammarName = 'top' | 'interface' | 'router' | 'ipv4' | 'ipv6' | 'route-map';

/** The mode a line belongs to that was found in this grammar above the present mode. */
export const modeOf: Readonly<Record<GrammarName, Mode | null>> = {
  top: 'top',
  interface: null,
  router: 'router',
  ipv4: null,
  ipv6: null,
  'route-map': null,
};

/** Networks are of the family of the node; addresses with a mask, or with that of their class, there are in IPv4 alone. */
function ofFamily(family: 4 | 6, commands: readonly FamilyCommand[]): readonly FamilyCommand[] {
  return commands
    .filter(({ pattern }) => family === 4 || !/^(?:network|aggregate-address) {address:A4}/.test(pattern))
    .map((command) => ({ ...command, pattern: command.pattern.replaceAll(':PREFIX}', `:P${family}}`) }));
}

const tables: Readonly<Record<GrammarName, readonly FamilyCommand[]>> = {
  top: [...topCommands, ...zebraCommands, ...listCommands, ...routeMapOpeners],
  interface: interfaceCommands,
  // Family lines directly below `router bgp` mean IPv4 unicast.
  router: [...instanceCommands, ...neighborCommands, ...ofFamily(4, familyCommands)],
  ipv4: ofFamily(4, [...familyCommands, ...familyOnlyCommands]),
  ipv6: ofFamily(6, [...familyCommands, ...familyOnlyCommands]),
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
    ipv4: of('ipv4'),
    ipv6: of('ipv6'),
    'route-map': of('route-map'),
  };
  built.set(dialect, grammars);
  return grammars;
}
