import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Negotiated } from '../../../../src/bgp/wire/negotiated.ts';

/** A message that another program wrote. */
export interface Vector {
  /** Which program, and what it was told. */
  readonly origin: string;
  /** What the message's octets depend on: `as4`, `as2`, `extended`, `add-path 257,513`. */
  readonly session: string;
  readonly hex: string;
  /** `toJson` of what it means. */
  readonly json: string;
}

export const vectorFolder = join(import.meta.dirname, '../../../vectors');

export function vectorFiles(): readonly string[] {
  return readdirSync(vectorFolder).filter((name) => name.endsWith('.txt'));
}

/** Blocks of four lines, one empty line between. */
export function readVectors(file: string): readonly Vector[] {
  const blocks = readFileSync(join(vectorFolder, file), 'utf8').trim().split('\n\n');
  return blocks.map((block) => {
    const line = (name: string) => {
      const found = block.split('\n').find((one) => one.startsWith(`${name}: `));
      if (found === undefined) throw new Error(`${file}: a vector has no ${name}:\n${block}`);
      return found.slice(name.length + 2);
    };
    return { origin: line('origin'), session: line('session'), hex: line('hex'), json: line('json') };
  });
}

export function vectorText(vectors: readonly Vector[]): string {
  return `${vectors
    .map(
      ({ origin, session, hex, json }) =>
        `origin: ${origin}\nsession: ${session}\nhex: ${hex}\njson: ${json}`,
    )
    .join('\n\n')}\n`;
}

export function sessionOf(text: string): Negotiated {
  const families = /add-path (\S+)/.exec(text)?.[1]?.split(',').map(Number) ?? [];
  return {
    fourOctetAs: text.includes('as4'),
    families: new Set(),
    addPathReceive: new Set(families),
    addPathSend: new Set(families),
    extendedNextHop: new Set(),
    maxLength: text.includes('extended') ? 65535 : 4096,
  };
}
