/** What a command may touch of the world it runs in; tests give their own. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: () => string;
  /** Colours on standard output and on standard error. */
  readonly colours: { readonly out: boolean; readonly err: boolean };
  /** Is standard error a terminal (progress is only shown there)? */
  readonly interactive: boolean;
}

/** Exit codes of every command: part of the interface, see the README. */
export const exit = { clean: 0, findings: 1, usage: 2, inconclusive: 3, changes: 4 } as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** What a command does with its exit code when it is through: the code is the program's. */
export type Report = (code: ExitCode) => void;
