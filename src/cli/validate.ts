import { Command } from 'commander';
import { type DiagnosticFormat, diagnosticFormats, formatDiagnostics } from '../report/diagnostics.ts';
import { countText, rulesText } from '../report/diagnostics-text.ts';
import type { Io, Report } from './io.ts';
import { formatOption, type InventoryOptions, withInventory } from './options.ts';
import { examine, exitOf, outStyle } from './project.ts';
import { version } from './version.ts';

interface ValidateOptions extends InventoryOptions {
  readonly format: DiagnosticFormat;
}

export function validateCommand(io: Io, report: Report): Command {
  return withInventory(new Command('validate'))
    .description(
      'check the inventory: syntax, schema, both ends of every session, addresses, policies, lint rules',
    )
    .addOption(formatOption(diagnosticFormats))
    .action(async (options: ValidateOptions) => {
      const { diagnostics, texts, fabric } = await examine(options, io);
      const about = { texts, style: outStyle(io), version };
      io.out(formatDiagnostics(diagnostics, options.format, about));
      if (options.format === 'text' && !options.quiet) {
        const count = countText(diagnostics);
        const size = fabric
          ? `${counted(fabric.hosts.size, 'host')}, ${counted(fabric.sessions.length, 'session')}: `
          : '';
        io.out(`${size}${count === '' ? 'nothing to complain about' : count}\n`);
        io.out(rulesText(diagnostics, about.style));
      }
      report(exitOf(diagnostics));
    });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
