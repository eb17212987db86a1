import { Interrupted } from './error.ts';

/** How a long piece of work tells what it is at, and asks whether it shall go on. */
export interface Steps {
  /** One step, in a few words. */
  readonly say: (step: string) => void;
  readonly signal: AbortSignal;
}

/** Work that nobody watches and nobody ends. */
export const quietly: Steps = { say: () => undefined, signal: new AbortController().signal };

/** Throws once somebody has asked for the end. */
export function goOn({ signal }: Steps): void {
  if (signal.aborted) throw new Interrupted();
}

/** Waits so many milliseconds, or until somebody asks for the end. */
export async function pause(milliseconds: number, steps: Steps): Promise<void> {
  goOn(steps);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    steps.signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      steps.signal.removeEventListener('abort', done);
      resolve();
    }
  });
  goOn(steps);
}
