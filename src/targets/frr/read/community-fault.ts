import { parseCommunity, parseLargeCommunity, wellKnownNames } from '../../../bgp/communities.ts';
import type { DialectId } from './dialect.ts';

/** The first word that the daemon takes for no community; null: it takes all of them. Names are written as FRR writes them. */
export function strangeCommunity(
  words: readonly string[],
  large: boolean,
  dialect: DialectId,
): string | null {
  const takes = (word: string) => (large ? parseLargeCommunity(word) !== null : isCommunity(word, dialect));
  return words.find((word) => !takes(word)) ?? null;
}

/** FRR wants two numbers; Quagga also takes both in one. */
function isCommunity(word: string, dialect: DialectId): boolean {
  if (word === 'internet' || wellKnownNames.has(word)) return true;
  const number = /^\d/.test(word) && parseCommunity(word) !== null;
  return number && (word.includes(':') || dialect === 'quagga-1.2');
}
