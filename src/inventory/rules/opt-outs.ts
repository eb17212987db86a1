import type { Diagnostic } from '../../base/diagnostic.ts';
import { nearestName } from '../../base/nearest.ts';
import { ruleTitles } from '../../base/rule-ids.ts';
import { formatSource, type SourceRange, sourceAt } from '../../base/source.ts';
import type { Host } from '../../model/fabric.ts';

interface OptOut {
  readonly rule: string;
  readonly source: SourceRange;
  fired: boolean;
}

/**
 * What `fabric_ignore` leaves out: findings of lint rules only, and only for the host that a finding is about. The
 * schema has checked the shape and that there is a reason.
 */
export class OptOuts {
  readonly #known: ReadonlySet<string>;
  /** An entry that hosts share through a group is one opt-out. */
  readonly #byPlace = new Map<string, OptOut>();
  readonly #byHost = new Map<Host, readonly OptOut[]>();

  constructor(hosts: Iterable<Host>, known: ReadonlySet<string>) {
    this.#known = known;
    for (const host of hosts) {
      const entries = this.#entriesOf(host);
      if (entries.length > 0) this.#byHost.set(host, entries);
    }
  }

  #entriesOf(host: Host): OptOut[] {
    const node = host.vars.get('fabric_ignore');
    if (!node || !Array.isArray(node.value)) return [];
    return node.value.flatMap((entry: unknown, index) => {
      const rule = ruleOf(entry);
      if (rule === null) return [];
      const source = sourceAt(node, [index, 'rule']);
      const key = formatSource(source);
      const optOut = this.#byPlace.get(key) ?? { rule, source, fired: false };
      this.#byPlace.set(key, optOut);
      return [optOut];
    });
  }

  /** Is the finding left out? Remembers which opt-out did it. */
  ignores(host: Host, rule: string): boolean {
    const matching = (this.#byHost.get(host) ?? []).filter((one) => one.rule === rule);
    for (const optOut of matching) optOut.fired = true;
    return matching.length > 0;
  }

  /** Opt-outs that name no lint rule (error) or left out nothing (info). To be asked after all rules have run. */
  diagnostics(): Diagnostic[] {
    return [...this.#byPlace.values()].flatMap((optOut) => {
      if (!this.#known.has(optOut.rule)) return [this.#unknown(optOut)];
      return optOut.fired ? [] : [unused(optOut)];
    });
  }

  #unknown({ rule, source }: OptOut): Diagnostic {
    const exists = Object.hasOwn(ruleTitles, rule);
    const nearest = exists ? null : nearestName(rule, this.#known);
    return {
      rule: 'ignore-unknown-rule',
      severity: 'error',
      message: exists
        ? `fabric_ignore cannot leave out ${rule}: without what it asks for nothing can be rendered`
        : `fabric_ignore names the rule ${JSON.stringify(rule)}, which does not exist`,
      ranges: [source],
      found: rule,
      expected: 'the id of a lint rule, as it stands in brackets behind a finding',
      ...(nearest === null ? {} : { nearest }),
      fix: exists
        ? 'correct what it complains about, and remove the entry'
        : `write ${nearest ?? 'an id that `fabricgen explain-rule` lists'}`,
    };
  }
}

function unused({ rule, source }: OptOut): Diagnostic {
  return {
    rule: 'ignore-unused',
    severity: 'info',
    message: `fabric_ignore leaves out ${rule}, which finds nothing here`,
    ranges: [source],
    found: rule,
    fix: 'remove the entry, so that it does not hide the next mistake',
  };
}

function ruleOf(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null || !('rule' in entry)) return null;
  return typeof entry.rule === 'string' ? entry.rule : null;
}
