import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Does the fabric in this folder still show the difference? */
export type StillDiffers = (folder: string) => Promise<boolean>;

/** A smaller fabric: what was left out, and what makes it from the larger one. */
interface Smaller {
  readonly make: (folder: string) => void;
}

/**
 * Makes a fabric smaller as long as it shows the difference: first without each host, then without pieces of each configuration, half
 * of it, a quarter, an eighth. Every attempt runs the daemons once, so `most` of them are made. Gives the folder of the smallest.
 */
export async function minimised(
  folder: string,
  scratch: string,
  most: number,
  differs: StillDiffers,
): Promise<string> {
  let best = folder;
  let tries = 0;
  let again = true;
  while (again && tries < most) {
    again = false;
    for (const smaller of smallerOnes(best)) {
      if (tries >= most) break;
      const next = join(scratch, `try${tries++}`);
      rmSync(next, { recursive: true, force: true });
      mkdirSync(next, { recursive: true });
      for (const name of ['topology.yml', 'configs'])
        cpSync(join(best, name), join(next, name), { recursive: true });
      smaller.make(next);
      if (!(await differs(next))) continue;
      best = next;
      again = true;
      break;
    }
  }
  return best;
}

function smallerOnes(folder: string): readonly Smaller[] {
  const hosts = readdirSync(join(folder, 'configs')).sort();
  const withoutHost = hosts.length > 2 ? hosts.map((host) => ({ make: dropHost(host) })) : [];
  const pieces = [2, 4, 8].flatMap((parts) =>
    hosts.flatMap((host) =>
      readdirSync(join(folder, 'configs', host)).flatMap((file) =>
        Array.from({ length: parts }, (_, part) => ({ make: dropPiece(host, file, part, parts) })),
      ),
    ),
  );
  return [...withoutHost, ...pieces];
}

/** The topologies of the generator have a host in an indented block. */
function dropHost(host: string): Smaller['make'] {
  return (folder) => {
    const file = join(folder, 'topology.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(new RegExp(`^  ${host}:\\n(?:    .*\\n)*`, 'm'), ''));
    rmSync(join(folder, 'configs', host), { recursive: true, force: true });
  };
}

/** A part of the lines that can go without the rest losing its meaning: neither head lines of a block nor ends. */
function dropPiece(host: string, file: string, part: number, parts: number): Smaller['make'] {
  return (folder) => {
    const path = join(folder, 'configs', host, file);
    const lines = readFileSync(path, 'utf8').split('\n');
    const loose = lines.flatMap((line, index) => (isLoose(line) ? [index] : []));
    const size = Math.ceil(loose.length / parts);
    const gone = new Set(loose.slice(part * size, (part + 1) * size));
    writeFileSync(path, lines.filter((_, index) => !gone.has(index)).join('\n'));
  };
}

function isLoose(line: string): boolean {
  if (/remote-as|router-id|address-family|exit|^\s*$|^!|hostname|frr |[[{}]/.test(line)) return false;
  return /^\s+(?:neighbor|network|redistribute|aggregate|maximum-paths|bgp|set|match|distance)|^(?:ip|bgp)\s/.test(
    line,
  );
}
