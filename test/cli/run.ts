import { main } from '../../src/cli/main.ts';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in process, as a pipe would see it (no terminal, no colours). */
export async function fabricgen(args: readonly string[], stdin = ''): Promise<Run> {
  let out = '';
  let err = '';
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: () => stdin,
    colours: { out: false, err: false },
    interactive: false,
  });
  return { code, out, err };
}
