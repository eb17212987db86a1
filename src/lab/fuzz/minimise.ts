import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TopologyEvent } from '../../pipeline/topology/events.ts';
import { readPlan } from '../plan/plan.ts';
import { withoutEvents } from './event-text.ts';

/** Does the fabric in this folder still show the difference? */
export type StillDiffers = (folder: string) => Promise<boolean>;

/** Writes a smaller fabric into a folder that holds the larger one; false: nothing of it is left to be taken out. */
type MakeSmaller = (folder: string) => boolean;

/** What a run leaves beside the fabric. */
const leftByRuns: readonly string[] = ['expected.json', 'simulated.json', 'up-at.json'];

/**
 * Makes a fabric smaller as long as it shows the difference: without each host in turn, without each event, then without pieces of each configuration,
 * half of it, a quarter, an eighth, and each line by itself; again from the start where anything could go. Every attempt runs the
 * daemons once, so `most` of them are made. Gives the folder of the smallest.
 */
export async function minimised(
  folder: string,
  scratch: string,
  most: number,
  differs: StillDiffers,
): Promise<string> {
  let best = folder;
  let tries = 0;
  const attempt = async (make: MakeSmaller): Promise<boolean> => {
    const next = join(scratch, `try${tries}`);
    rmSync(next, { recursive: true, force: true });
    for (const name of readdirSync(best).filter((one) => !leftByRuns.includes(one)))
      cpSync(join(best, name), join(next, name), { recursive: true });
    if (!make(next)) return false;
    tries++;
    if (!(await differs(next))) return false;
    best = next;
    return true;
  };
  for (let again = true; again && tries < most; ) {
    again = false;
    // What went while another piece is tried stays gone: each pass goes once over what there was at its start.
    for (const pass of passes(best))
      for (const make of pass()) {
        if (tries >= most) break;
        if (await attempt(make)) again = true;
      }
  }
  return best;

  function passes(start: string): readonly (() => readonly MakeSmaller[])[] {
    const hosts = () => readdirSync(join(best, 'configs')).sort();
    const pieces = (parts: number) => () =>
      hosts().flatMap((host) =>
        readdirSync(join(best, 'configs', host)).flatMap((file) => piecesOf(best, host, file, parts)),
      );
    return [
      () => readdirSync(join(start, 'configs')).sort().map(dropHost),
      () => eventsOf(best).map(dropEvent).toReversed(),
      ...[2, 4, 8, Number.POSITIVE_INFINITY].map(pieces),
    ];
  }
}

/** The topologies of the generator have a host in an indented block; what happens to the host goes with it. */
function dropHost(host: string): MakeSmaller {
  return (folder) => {
    if (readdirSync(join(folder, 'configs')).length <= 2) return false;
    const happens = eventsOf(folder).flatMap((event, index) => (isAbout(event, host) ? index : []));
    const file = join(folder, 'topology.yml');
    const text = withoutEvents(readFileSync(file, 'utf8'), new Set(happens));
    writeFileSync(file, text.replace(new RegExp(`^  ${host}:\\n(?:    .*\\n)*`, 'm'), ''));
    rmSync(join(folder, 'configs', host), { recursive: true, force: true });
    return true;
  };
}

function eventsOf(folder: string): readonly TopologyEvent[] {
  return readPlan(folder).events ?? [];
}

function isAbout({ change }: TopologyEvent, host: string): boolean {
  return (
    change !== null &&
    ('hosts' in change ? change.hosts.includes(host) : 'host' in change && change.host === host)
  );
}

function dropEvent(_: TopologyEvent, index: number): MakeSmaller {
  return (folder) => {
    const file = join(folder, 'topology.yml');
    const text = readFileSync(file, 'utf8');
    const left = withoutEvents(text, new Set([index]));
    writeFileSync(file, left);
    return left !== text;
  };
}

/** Lines that can go without the rest losing its meaning (neither head lines of a block nor ends), in so many parts; they go from what is loaded later, too. */
function piecesOf(folder: string, host: string, file: string, parts: number): readonly MakeSmaller[] {
  const loose = linesOf(join(folder, 'configs', host, file)).filter(isLoose);
  const size = Math.max(1, Math.ceil(loose.length / parts));
  const pieces: string[][] = [];
  for (let from = 0; from < loose.length; from += size) pieces.push(loose.slice(from, from + size));
  return pieces.map((piece) => (next) => {
    const loaded = eventsOf(next).flatMap(({ change }) =>
      change?.kind === 'files' && change.host === host ? join(next, change.from) : [],
    );
    const gone = new Set(piece);
    const without = (path: string) => {
      const before = existsSync(path) ? linesOf(path) : [];
      const after = before.filter((line) => !gone.has(line));
      if (after.length < before.length) writeFileSync(path, after.join('\n'));
      return after.length < before.length;
    };
    const paths = [join(next, 'configs', host), ...loaded].map((one) => join(one, file));
    return paths.map(without).some(Boolean);
  });
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n');
}

function isLoose(line: string): boolean {
  // A command of gobgp-cli.txt, a statement of bird.conf: what cannot do without it fails, and stays.
  if (/^gobgp\s|^\s[^{}]*;$/.test(line)) return true;
  if (/remote-as|router-id|address-family|exit|^\s*$|^!|hostname|frr |[[{}]/.test(line)) return false;
  return /^\s+(?:neighbor|network|redistribute|aggregate|maximum-paths|bgp|set|match|distance)|^(?:ip|bgp)\s/.test(
    line,
  );
}
