import { Argument, Command } from 'commander';
import { inventorySchema, varsSchema } from '../inventory/schema/publish.ts';
import type { Io, Report } from './io.ts';

export function schemaCommand(io: Io, _report: Report): Command {
  return new Command('schema')
    .description('print the JSON Schema that editors use to complete and explain')
    .addArgument(
      new Argument('[of]', 'inventory: hosts.yml; vars: files in group_vars and host_vars')
        .choices(['inventory', 'vars'])
        .default('inventory'),
    )
    .action((of: 'inventory' | 'vars') => {
      io.out(`${JSON.stringify(of === 'vars' ? varsSchema() : inventorySchema(), null, 2)}\n`);
    });
}
