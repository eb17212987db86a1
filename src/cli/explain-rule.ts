import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { nearestName } from '../base/nearest.ts';
import { type RuleId, ruleTitles } from '../base/rule-ids.ts';
import { formatTable } from '../report/table.ts';
import { exit, type Io } from './io.ts';
import type { Report } from './main.ts';

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
        const hint = nearestName(id, ids);
        io.err(`fabricgen: there is no rule ${JSON.stringify(id)}${hint ? `; did you mean ${hint}?` : ''}\n`);
        io.err('fix: run `fabricgen explain-rule` for the list\n');
        report(exit.usage);
        return;
      }
      io.out(readFileSync(new URL(`../../docs/rules/${id}.md`, import.meta.url), 'utf8'));
    });
}
