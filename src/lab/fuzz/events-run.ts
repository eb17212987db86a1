import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Agreement, comparedPhases, expectationOf } from '../compare/compare.ts';
import { columns, type HostAgreement } from '../compare/matrix.ts';
import { simulatedPhases, simulateFolder } from '../compare/simulated.ts';
import { type LabPlan, readPlan } from '../plan/plan.ts';
import type { Played } from '../play.ts';
import { nothingSeen, pairsOf, type RandomRun } from './random-run.ts';

/** Lets the events of a folder happen to real daemons. */
export type Play = (plan: LabPlan) => Promise<Played>;

/** A fabric with events on real daemons and in the simulator; leaves what both made of it beside. */
export async function runEvents(seed: number, folder: string, play: Play): Promise<RandomRun> {
  const plan = readPlan(folder);
  const usual = simulateFolder(folder, {});
  const expectation = expectationOf(plan);
  const real = await play(plan);
  writeTables(join(folder, 'expected.json'), real);
  writeTables(join(folder, 'simulated.json'), simulatedPhases(usual));
  const agreement = comparedPhases(plan, real, expectation, []);
  const { oscillating, doubts } = expectation;
  const differences = differencesOf(agreement);
  return {
    ...nothingSeen,
    ...{ seed, folder, oscillating },
    pairs: pairsOf(folder, usual),
    verdict: verdictOf(agreement),
    byOrder: agreement.byOrder,
    mismatched: [...new Set(differences.map(({ where }) => where))],
    differences: differences.map(({ where, text }) => `${where}: ${text}`),
    ...(doubts.length > 0 ? { why: doubts.join('; ') } : {}),
  };
}

function writeTables(path: string, played: Played): void {
  writeFileSync(path, `${JSON.stringify(played, null, 2)}\n`);
}

function verdictOf({ outcome, byOrder }: Agreement): RandomRun['verdict'] {
  if (outcome === 'differs') return 'mismatch';
  if (outcome === 'inconclusive') return 'oscillates';
  return Object.keys(byOrder).length > 0 ? 'one-order' : 'equal';
}

interface Told {
  /** The moment, the host, the prefix or peer: what is the same when it is run again. */
  readonly where: string;
  readonly text: string;
}

/** What no order of messages explains. */
function differencesOf({ hosts, phases = {} }: Agreement): readonly Told[] {
  const moments: readonly (readonly [string, readonly HostAgreement[]])[] = [
    ...Object.entries(phases),
    ['end', hosts],
  ];
  return moments.flatMap(([moment, all]) =>
    all.flatMap(({ host, cells }) =>
      columns.flatMap((column) =>
        cells[column].differences
          .filter(({ byOrder }) => !byOrder)
          .map(({ of, text }) => ({ where: `${moment} ${host} ${of}`, text })),
      ),
    ),
  );
}
