import { setFlagsFromString } from 'node:v8';

/**
 * V8 compiles a function for speed when it has run 67,584 bytes of its bytecode a few times (Node 20). A command that works for a few
 * seconds spends a third of its CPU on compiling, much of it twice, because types are not known yet: three times as long a wait
 * costs less than it brings. A V8 that does not know the flag warns and goes on.
 */
const INTERRUPT_BUDGET = 200_000;

/** Has the whole process compile later, and less. */
export function compileLater(): void {
  setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
}
