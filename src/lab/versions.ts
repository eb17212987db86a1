import { programPath } from './programs.ts';
import { tryRun } from './shell.ts';

/** How each daemon says which one it is; FRR's bgpd and OpenBGPD's have the same name. */
const questions: Readonly<
  Record<string, readonly [program: string, args: readonly string[], answer: RegExp]>
> = {
  frr: ['zebra', ['--version'], /version ([0-9]+\.[0-9]+)/],
  gobgp: ['gobgpd', ['--version'], /gobgpd version ([0-9]+\.[0-9]+)/],
  bird: ['bird', ['--version'], /version ([0-9]+\.[0-9]+)/],
  exabgp: ['exabgp', ['--version'], /ExaBGP *: *([0-9]+\.[0-9]+)/],
  docker: ['dockerd', ['--version'], /version ([0-9]+\.[0-9]+)/],
};

/** The version of each daemon that is installed, two numbers each. */
export function installedVersions(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, [program, args, answer]] of Object.entries(questions)) {
    const path = programPath(program);
    if (path === null) continue;
    const { stdout, stderr } = tryRun(path, args, { timeout: 10_000 });
    const version = answer.exec(`${stdout}\n${stderr}`)?.[1];
    if (version !== undefined) found.set(name, version);
  }
  return found;
}
