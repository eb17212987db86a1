import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../../targets/output-staging.ts';
import { departureText } from '../compare/at-rest.ts';
import { minimised } from './minimise.ts';
import { isMismatch, type RandomRun, type Run } from './random-run.ts';

/** Makes a mismatch as small as can be and keeps it: topology.yml, configs, what the daemons have, and a word about it. */
export async function keep(
  run: RandomRun,
  own: string,
  { output, attempts }: { readonly output: string; readonly attempts: number },
  runOne: Run,
): Promise<string> {
  const found = new Map<string, RandomRun>([[run.folder, run]]);
  const differs = async (folder: string) => {
    try {
      const smaller = await runOne(folder);
      found.set(folder, smaller);
      // Another difference than the one that was found is none.
      const same = smaller.mismatched.some((prefix) => run.mismatched.includes(prefix));
      return smaller.verdict !== 'unsettled' && same && isMismatch(smaller);
    } catch {
      // Without these lines the daemon refuses the rest.
      return false;
    }
  };
  const smallest =
    run.verdict === 'unsettled'
      ? run.folder
      : await minimised(run.folder, join(own, 'smaller'), attempts, differs);
  const target = join(output, `seed-${run.seed}`);
  rmSync(target, { recursive: true, force: true });
  makeFolders(output);
  cpSync(smallest, target, { recursive: true });
  writeFileSync(join(target, 'README.md'), readme(found.get(smallest) ?? run));
  return target;
}

/** Lines about what differs that are told. */
const MOST_TOLD = 20;

function readme({ seed, mismatched, verdict, departures, differences = [] }: RandomRun): string {
  const where = departures.filter(({ root }) => root).map(departureText);
  const what =
    verdict === 'unsettled'
      ? 'The daemons never come to rest.'
      : `The daemons have other tables than the simulator for ${mismatched.join(', ')}.`;
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `\n${title}:\n\n${lines.map((one) => `- ${one}\n`).join('')}`;
  return [
    `# seed ${seed}\n\n${what} expected.json is what they have, simulated.json what the simulator has.\n`,
    list('From what its neighbors have', where),
    list('By moment and host', differences.slice(0, MOST_TOLD)),
  ].join('');
}
