import { isSafeName } from '../../base/file-name.ts';
import type { RuleContext } from './context.ts';
import type { Finding, Rule } from './rule.ts';

/** A host's files go into a folder of its name; Ansible takes any text for a name. */
function* notAFolder(context: RuleContext): Iterable<Finding> {
  for (const host of context.hosts) {
    if (host.daemon.kind === 'external' || isSafeName(host.name)) continue;
    yield {
      host,
      message: `the host name ${JSON.stringify(host.name)} cannot be the name of a folder`,
      at: host.source,
      found: host.name,
      expected: 'a name that stays inside the output folder',
      fix: "use letters, digits, '.', '-' and '_' in host names",
    };
  }
}

export const nameRules: readonly Rule[] = [{ id: 'output-name', severity: 'error', check: notAFolder }];
