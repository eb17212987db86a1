import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type RuleId, ruleTitles } from '../base/rule-ids.ts';
import { formatTable } from '../report/table.ts';
import type { Io, Report } from './io.ts';
import { refuseName } from './refuse.ts';

const ids = Object.keys(ruleTitles).sort() as RuleId[];

export function explainRuleCommand(io: Io, report: Report): Command {
  return new Command('explain-rule')
    .description('say what a rule means, why it matters and what to do; without an id, list them all')
    .argument('[id]', 'rule id, as it stands in brackets behind a finding')
    .action((id: string | undefined) => {
      if (id === undefined) {
        io.out(
          formatTable(
            ['Rule', 'What it finds'],
            ids.map((one) => [one, ruleTitles[one]]),
          ),
        );
        return;
      }
      if (!(ids as string[]).includes(id)) {
        report(refuseName(io, `there is no rule ${id}`, id, ids));
        return;
      }
      io.out(readFileSync(new URL(`../../docs/rules/${id}.md`, import.meta.url), 'utf8'));
    });
}
