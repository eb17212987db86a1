import type { ConfigFile, ReadContext, ReadResult } from '../../target.ts';
import { dialectFor } from './dialect.ts';
import { emptyDraft } from './draft.ts';
import { interpret } from './interpret.ts';
import { parseFile } from './parse.ts';
import { emptyPolicies } from './policy-draft.ts';
import { type DaemonName, Reading } from './reading.ts';

/** Files by the daemon that reads them, in the order the daemons start; frr.conf goes to all of them. */
const daemonFiles: readonly (readonly [name: string, daemon: DaemonName | null])[] = [
  ['frr.conf', null],
  ['zebra.conf', 'zebra'],
  ['staticd.conf', 'staticd'],
  ['bgpd.conf', 'bgpd'],
];

/** Reads a host's files: every line gets a status, and what is understood becomes a RouterConfig. Never throws. */
export function readHost(
  daemon: 'frr' | 'quagga',
  files: ReadonlyMap<string, ConfigFile>,
  about: ReadContext,
): ReadResult {
  const dialect = dialectFor(daemon, about.version);
  const present = daemonFiles.filter(([name]) => files.has(name));
  const read = (dropped: ReadonlySet<number>): Reading => {
    const draft = emptyDraft();
    if (!files.has('frr.conf')) draft.zebraPolicies = emptyPolicies();
    const reading = new Reading(draft, dialect, about.host, dropped);
    for (const [name, owner] of present) {
      const file = files.get(name);
      if (file) parseFile(reading, file, owner);
    }
    return reading;
  };
  const first = read(new Set());
  const { dropped, diagnostics } = first.transactions;
  // Which lines go is known only at the end of their transaction.
  const reading = dropped.size > 0 ? read(dropped) : first;
  reading.diagnostics.push(...diagnostics);
  if (present.length === 0) {
    reading.diagnostics.push({
      rule: 'config-missing',
      severity: 'error',
      message: `${about.host}: no configuration of ${daemon} was found`,
      ranges: [],
      host: about.host,
      expected: daemon === 'frr' ? 'frr.conf, or zebra.conf and bgpd.conf' : 'zebra.conf and bgpd.conf',
      fix: 'Run `fabricgen render`, or give the folder that holds the files.',
    });
  }
  return {
    router: present.length === 0 ? null : interpret(reading),
    docker: null,
    lines: reading.lines,
    diagnostics: reading.diagnostics,
  };
}
