import type { Agreement } from '../lab/compare/compare.ts';
import { type Cell, columns, type Difference } from '../lab/compare/matrix.ts';
import type { Pinged } from '../lab/ping.ts';
import type { LabStatus } from '../lab/run/status.ts';
import { formatChecks } from './checks-text.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

const heads = ['host', 'daemon', 'sessions', 'best path', 'multipath', 'attributes', 'FIB'];

/** Differences of one table of one host that are told; the rest is counted. */
const MOST_SHOWN = 3;

/** The agreement matrix: a row per host, a column per table, each difference in one line below, and the sum. */
export function formatAgreement(agreement: Agreement, style: Style): string {
  const phases = Object.entries(agreement.phases ?? {}).map(
    ([name, hosts]) =>
      `${style.strong(`recorded as ${name}`)}\n${matrixText({ ...agreement, hosts }, style)}\n`,
  );
  return [
    ...phases,
    phases.length > 0 ? `${style.strong('at the end')}\n` : '',
    matrixText(agreement, style),
    checksText(agreement, style),
    agreement.notes.length > 0 ? `\n${agreement.notes.map((one) => `note: ${one}\n`).join('')}` : '',
    `\n${verdict(agreement, style)}\n`,
  ].join('');
}

/** The lines of `check`, and below each that failed why. */
function checksText({ checks = [] }: Agreement, style: Style): string {
  const lines = checks.map((check) => [
    formatChecks({ checks: [check] }, true, style),
    ...check.findings.map(({ message }) => `      ${message}\n`),
  ]);
  return lines.length === 0 ? '' : `\n${lines.flat().join('')}`;
}

function matrixText(agreement: Agreement, style: Style): string {
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
  return [formatTable(heads, rows), differences.length > 0 ? `\n${differences.join('')}` : ''].join('');
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

function verdict({ outcome, hosts, phases = {}, checks = [] }: Agreement, style: Style): string {
  const cells = [...Object.values(phases).flat(), ...hosts].flatMap(({ cells: own }) =>
    columns.map((column) => own[column]),
  );
  const compared = cells.reduce((sum, cell) => sum + cell.compared, 0);
  const differ = cells.reduce((sum, cell) => sum + cell.differences.filter((one) => !one.byOrder).length, 0);
  const sum = `${hosts.length} hosts, ${compared} entries compared, ${differ} differ`;
  const passed = checks.filter((check) => check.passed).length;
  const asked = checks.length === 0 ? '' : `; ${passed} of ${checks.length} checks passed on the daemons`;
  const word = { agrees: style.good, differs: style.error, inconclusive: style.warning }[outcome](outcome);
  return `${word}: ${sum}${asked}`;
}

/** The labs there are, and each host of those that are up. */
export function formatStatus(labs: readonly LabStatus[], style: Style): string {
  if (labs.length === 0) return 'no lab is up\n';
  return labs
    .map(({ name, phase, source, hosts }) => {
      const rows = hosts.map(({ host, daemon, processes, container, folder }) => [
        host,
        daemon,
        daemon === 'none' ? '-' : processes > 0 ? style.good(`${processes} run`) : style.error('none runs'),
        container.join(' ') || '-',
        folder || '-',
      ]);
      const head = `${style.strong(name)}: ${phase}${source === '' ? '' : `, from ${source}`}\n`;
      return rows.length === 0
        ? head
        : `${head}${formatTable(['host', 'daemon', 'processes', 'container', 'folder'], rows, '  ')}`;
    })
    .join('\n');
}

/** What `lab ping` found out. */
export interface ToldPing extends Pinged {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  /** Addresses of where it starts; empty where a host itself pings. */
  readonly expected: readonly string[];
  readonly kind: 'docker' | 'namespace' | 'host';
}

const starts = { docker: 'container', namespace: 'container (a namespace in its stead)', host: 'host' };

export function formatPing(told: ToldPing, style: Style): string {
  const { from, to, address, sent, received, ttl, source, expected, kind } = told;
  const head = `${starts[kind]} of ${from} to ${to}${to === address ? '' : ` (${address})`}`;
  if (received === 0) return `${head}: ${style.error(`no answer to ${sent} packets`)}\n${told.said}\n`;
  const answered = `${received} of ${sent} answered${ttl === null ? '' : `, ttl ${ttl}`}`;
  return `${head}: ${style.good(answered)}\n${sourceText(source, expected, style)}\n`;
}

function sourceText(source: string | null, expected: readonly string[], style: Style): string {
  if (source === null)
    return style.dim('the source address was not looked at (no tcpdump, or no container there)');
  if (expected.length === 0) return `they arrive from ${source}`;
  return expected.includes(source)
    ? style.good(`they arrive from ${source}: the source address survives`)
    : style.warning(
        `they arrive from ${source}, not from ${expected.join(' or ')}: the source is masqueraded`,
      );
}
