import { setFlagsFromString } from 'node:v8';

/**
 * V8 compiles a function for speed when it has run 67,584 bytes of its bytecode a few times, and with it what it calls, up to 920 bytes of
 * that (Node 20). A command that works for a few seconds spends a third of its CPU on compiling, much of it twice, because
 * types are not known yet: a longer wait, and fewer functions inside each other, cost less than they bring. A V8 that does not know a flag warns and goes on.
 */
const FLAGS = ['--interrupt-budget=400000', '--max-inlined-bytecode-size-cumulative=150'];

/** Has the whole process compile later, and less. */
export function compileLater(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
