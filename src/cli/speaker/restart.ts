import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RUN_FOLDER } from '../../speaker/node/http.ts';
import type { GracefulSettings } from '../../speaker/session/our-open.ts';

/** Seconds (RFC 4724 says nothing; FRR, BIRD and GoBGP have 120). */
const RESTART_TIME = 120;

/**
 * `--graceful`: a file that is there while a speaker runs, and stays where it left without a goodbye. The next one finds it and tells its peers that it has
 * restarted (RFC 4724 section 3).
 */
export class RestartMark {
  readonly settings: GracefulSettings;
  readonly #path: string;

  constructor(seconds: number | true, path: string) {
    this.#path = path;
    const restartTime = Math.min(0x0fff, seconds === true ? RESTART_TIME : seconds);
    this.settings = { restartTime, restarted: existsSync(path) };
  }

  set(): void {
    if (dirname(this.#path) === RUN_FOLDER) mkdirSync(RUN_FOLDER, { recursive: true });
    writeFileSync(this.#path, '');
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

/** Beside the socket, or where that would be. */
export function restartMarkPath(socket: string | undefined, name: string): string {
  return `${(socket ?? `${RUN_FOLDER}/${name}.sock`).replace(/\.sock$/, '')}.restart`;
}
