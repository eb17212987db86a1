import type { Prefix } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import { sentAsPath } from '../../bgp/egress.ts';
import { exportThroughPolicy, LONGEST_AS_PATH } from '../../bgp/export.ts';
import { importThroughPolicy, tidyAsPath } from '../../bgp/import.ts';
import { pathWith } from '../../bgp/path-store.ts';
import type { Peer } from '../../bgp/peer.ts';
import { refusedAsPath } from '../../bgp/refused-path.ts';
import type { Router } from '../../bgp/router.ts';
import { isReflection } from '../../bgp/suppression.ts';
import type { Answers, PeerClass } from './peer-classes.ts';

/** A small map stays in the processor's cache; beyond this it costs more than it saves. */
const MOST_ANSWERS = 4096;

/** The answer, or undefined. */
function knownAnswer(answers: Answers, prefix: Prefix, key: number): number | undefined {
  if (answers.byPrefix && answers.prefix !== prefix) {
    clearAnswers(answers);
    answers.prefix = prefix;
    return undefined;
  }
  if (answers.lastKey === key) return answers.last;
  const answer = answers.known.get(key);
  if (answer === undefined) return undefined;
  answers.lastKey = key;
  answers.last = answer;
  return answer;
}

function noteAnswer(answers: Answers, key: number, answer: number): void {
  if (answers.known.size >= MOST_ANSWERS) clearAnswers(answers);
  answers.known.set(key, answer);
}

function clearAnswers(answers: Answers): void {
  if (answers.known.size > 0) answers.known.clear();
  answers.lastKey = -1;
}

/** Numbers of paths are about to stand for others, those of attributes only if `attributesToo`. */
export function forgetAnswers({ scope, answers }: PeerClass, attributesToo: boolean): void {
  if (attributesToo || scope !== 'attributes') clearAnswers(answers);
}

/** The number of the path after import, 0 where it is refused. `router` and `peer` are of the class. */
export function importedId(
  peerClass: PeerClass,
  router: Router,
  peer: Peer,
  prefix: Prefix,
  wire: Path,
): number {
  if (peerClass.scope !== 'whole' && refusedAsPath(router, peer, wire) !== null) return 0;
  return importedAnswer(peerClass, router, peer, prefix, wire);
}

/** The same for a path that `refusedAsPath` does not refuse. */
export function importedAnswer(
  { scope, answers }: PeerClass,
  router: Router,
  peer: Peer,
  prefix: Prefix,
  wire: Path,
): number {
  const key = scope === 'attributes' ? wire.attributes : wire.id;
  let answer = knownAnswer(answers, prefix, key);
  if (answer === undefined) {
    const { path } = importThroughPolicy(router, peer, prefix, wire);
    answer = path === null ? 0 : scope === 'whole' ? path.id : path.attributes + 1;
    noteAnswer(answers, key, answer);
  }
  if (scope === 'whole' || answer === 0) return answer;
  const asPath = wire.asPath.rest === null ? tidyAsPath(router, wire.asPath) : wire.asPath;
  if (answer === wire.attributes + 1 && asPath === wire.asPath) return wire.id;
  return pathWith(router.context.store, asPath, answer - 1).id;
}

/** The number of the path as sent, 0 where it is not; `from` counts only by its kind. */
export function exportedId(peerClass: PeerClass, prefix: Prefix, from: Peer | null, path: Path): number {
  return exportedAnswer(peerClass, prefix, from, path, sourceKind(peerClass.router, peerClass.peer, from));
}

/** The same where the kind (`sourceKind`) is known. */
export function exportedAnswer(
  peerClass: PeerClass,
  prefix: Prefix,
  from: Peer | null,
  path: Path,
  kind: number,
): number {
  const { scope, answers } = peerClass;
  const key = (scope === 'attributes' ? path.attributes : path.id) * 16 + kind;
  let answer = knownAnswer(answers, prefix, key);
  if (answer === undefined) {
    const sent = exportThroughPolicy(peerClass.router, peerClass.peer, prefix, from, path).path;
    answer = sent === null ? 0 : scope === 'whole' ? sent.id : sent.attributes + 1;
    noteAnswer(answers, key, answer);
  }
  if (scope === 'whole' || answer === 0) return answer;
  const { router, peer } = peerClass;
  const asPath = sentAsPath(router, peer, path.asPath);
  return asPath.count > LONGEST_AS_PATH ? 0 : pathWith(router.context.store, asPath, answer - 1).id;
}

const typeNumbers = { ebgp: 1, ibgp: 2, confed: 3 } as const;

/** What of a source counts towards a peer, below 16. */
export function sourceKind(router: Router, to: Peer, from: Peer | null): number {
  if (from === null) return 0;
  const transparent = from.options.routeServerClient ? 4 : 0;
  return typeNumbers[from.type] + transparent + (isReflection(router, from, to) ? 8 : 0);
}
