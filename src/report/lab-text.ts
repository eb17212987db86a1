import type { Agreement } from '../lab/compare/compare.ts';
import { type Cell, columns, type Difference } from '../lab/compare/matrix.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

const heads = ['host', 'daemon', 'sessions', 'best path', 'multipath', 'attributes', 'FIB'];

/** Differences of one table of one host that are told; the rest is counted. */
const MOST_SHOWN = 3;

/** The agreement matrix: a row per host, a column per table, each difference in one line below, and the sum. */
export function formatAgreement(agreement: Agreement, style: Style): string {
  const rows = agreement.hosts.map(({ host, daemon, cells }) => [
    style.strong(host),
    daemon,
    ...columns.map((column) => cellText(cells[column], style)),
  ]);
  const differences = agreement.hosts.flatMap(({ host, cells }) =>
    columns.flatMap((column, index) => {
      const all = cells[column].differences;
      const lines = all.slice(0, MOST_SHOWN).map((one) => differenceText(one, agreement));
      if (all.length > MOST_SHOWN) lines.push(`and ${all.length - MOST_SHOWN} more (--format json has all)`);
      return lines.map((line) => `  ${style.strong(host)} ${heads[index + 2]}: ${line}\n`);
    }),
  );
  return [
    formatTable(heads, rows),
    differences.length > 0 ? `\n${differences.join('')}` : '',
    agreement.notes.length > 0 ? `\n${agreement.notes.map((one) => `note: ${one}\n`).join('')}` : '',
    `\n${verdict(agreement, style)}\n`,
  ].join('');
}

function differenceText({ text, of, byOrder }: Difference, agreement: Agreement): string {
  return byOrder ? `${text} (order of messages: one of ${agreement.byOrder[of]} outcomes seen)` : text;
}

function cellText({ state, compared, differences }: Cell, style: Style): string {
  switch (state) {
    case 'none':
      return style.dim('-');
    case 'agrees':
      return style.good(`${compared} agree`);
    case 'order':
      return style.info(`${compared} (${differences.length} by order)`);
    case 'differs':
      return style.error(`${differences.length} of ${compared} differ`);
  }
}

function verdict({ outcome, hosts }: Agreement, style: Style): string {
  const cells = hosts.flatMap(({ cells: own }) => columns.map((column) => own[column]));
  const compared = cells.reduce((sum, cell) => sum + cell.compared, 0);
  const differ = cells.reduce((sum, cell) => sum + cell.differences.filter((one) => !one.byOrder).length, 0);
  const sum = `${hosts.length} hosts, ${compared} entries compared, ${differ} differ`;
  const word = { agrees: style.good, differs: style.error, inconclusive: style.warning }[outcome](outcome);
  return `${word}: ${sum}`;
}
