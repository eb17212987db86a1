import type { Agreement } from '../lab/compare/compare.ts';
import { columns } from '../lab/compare/matrix.ts';
import { xml } from './junit.ts';

/** A case per host and table and per check, and one for the outcome itself. */
export function formatAgreementJunit({ hosts, phases = {}, outcome, checks = [], notes }: Agreement): string {
  const moments = [...Object.entries(phases), ['end', hosts] as const];
  const rows = moments.flatMap(([moment, list]) => list.map((one) => ({ ...one, moment })));
  const cases = rows.flatMap(({ moment, host, cells }) =>
    columns.map((column) => {
      const wrong = cells[column].differences.filter((one) => !one.byOrder).map(({ text }) => text);
      return caseXml(`lab.${moment}.${host}`, `${column} of ${host} is as simulated`, wrong);
    }),
  );
  cases.push(
    ...checks.map(({ name, findings }) =>
      caseXml(
        'lab.checks',
        name,
        findings.map(({ message }) => message),
      ),
    ),
    caseXml('lab', 'the outcome is clear', outcome === 'inconclusive' ? ['inconclusive', ...notes] : []),
  );
  const failures = cases.filter((one) => one.includes('<failure')).length;
  const counts = `tests="${cases.length}" failures="${failures}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fabricgen" ${counts}>\n <testsuite name="lab" ${counts}>\n${cases.join('')} </testsuite>\n</testsuites>\n`;
}

function caseXml(suite: string, name: string, failures: readonly string[]): string {
  const head = `  <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (failures.length === 0) return `${head}/>\n`;
  return `${head}>\n   <failure message="${xml(failures[0] ?? '')}">${xml(failures.join('\n'))}</failure>\n  </testcase>\n`;
}
