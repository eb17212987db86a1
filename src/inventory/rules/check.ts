import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatSource } from '../../base/source.ts';
import type { Fabric } from '../../model/fabric.ts';
import { RuleContext } from './context.ts';
import { OptOuts } from './opt-outs.ts';
import { rules } from './registry.ts';
import type { Finding, Rule } from './rule.ts';

/**
 * Runs every lint rule over a complete fabric. What `fabric_ignore` names is left out; what many hosts share is said once. In the
 * order of the files, so that a person can work through them.
 */
export function checkFabric(fabric: Fabric): Diagnostic[] {
  const context = new RuleContext(fabric);
  const optOuts = new OptOuts(context.hosts, new Set(rules.map((rule) => rule.id)));
  const diagnostics = rules.flatMap((rule) => runRule(rule, context, optOuts));
  return [...diagnostics, ...optOuts.diagnostics()].sort(byPlace);
}

function runRule(rule: Rule, context: RuleContext, optOuts: OptOuts): Diagnostic[] {
  const merged = new Map<string, { readonly finding: Finding; readonly hosts: Set<string> }>();
  for (const finding of rule.check(context)) {
    if (optOuts.ignores(finding.host, rule.id)) continue;
    const key = finding.shared ?? `${formatSource(finding.at)} ${finding.message}`;
    const known = merged.get(key);
    if (known) known.hosts.add(finding.host.name);
    else merged.set(key, { finding, hosts: new Set([finding.host.name]) });
  }
  return [...merged.values()].map(({ finding, hosts }) => diagnosticOf(rule, finding, hosts.size - 1));
}

function diagnosticOf(rule: Rule, finding: Finding, others: number): Diagnostic {
  const { host, at, severity, message, shared, related, ...rest } = finding;
  const elsewhere = related?.filter((place) => formatSource(place) !== formatSource(at)) ?? [];
  const more =
    shared === undefined || others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'host' : 'hosts'})`;
  return {
    rule: rule.id,
    severity: severity ?? rule.severity,
    message: `${message}${more}`,
    ranges: [at],
    ...(elsewhere.length > 0 ? { related: elsewhere } : {}),
    host: host.name,
    ...rest,
  };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [x, y] = [a.ranges[0], b.ranges[0]];
  if (!x || !y) return Number(!x) - Number(!y);
  if (x.file !== y.file) return x.file < y.file ? -1 : 1;
  return x.line - y.line || x.column - y.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
