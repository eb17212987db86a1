import { Command } from 'commander';
import { hasErrors } from '../base/diagnostic.ts';
import { loadInventory } from '../inventory/load.ts';
import { selectHosts } from '../inventory/pattern.ts';
import { inventoryText, inventoryView } from '../inventory/view.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { formatOption, type InventoryOptions, withInventory } from './options.ts';
import { exitOf, inventoryFiles, sayDiagnostics } from './project.ts';
import { refuseName } from './refuse.ts';

interface ViewOptions extends InventoryOptions {
  readonly format: 'text' | 'json';
}

export function inventoryCommand(io: Io, report: Report): Command {
  return withInventory(new Command('inventory'))
    .description('print the merged variables of each host, where each came from and what it replaced')
    .argument('[host]', 'only this host')
    .addOption(formatOption(['text', 'json']))
    .action(async (host: string | undefined, options: ViewOptions) => report(await view(host, options, io)));
}

async function view(host: string | undefined, options: ViewOptions, io: Io): Promise<ExitCode> {
  const { source, diagnostics: reading } = await inventoryFiles(options.inventory, io);
  const inventory = loadInventory(source);
  const limited = options.limit === undefined ? null : selectHosts(inventory, options.limit);
  const diagnostics = [...reading, ...inventory.diagnostics, ...(limited?.diagnostics ?? [])];
  sayDiagnostics(diagnostics, inventory.texts, io);
  if (hasErrors(diagnostics)) return exitOf(diagnostics);
  if (host !== undefined && !inventory.hosts.has(host))
    return refuseName(io, `there is no host ${host} in the inventory`, host, inventory.hosts.keys());
  const names = host === undefined ? (limited?.hosts ?? inventory.hosts.keys()) : [host];
  const data = inventoryView(inventory, names);
  io.out(options.format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : inventoryText(data));
  return exit.clean;
}
