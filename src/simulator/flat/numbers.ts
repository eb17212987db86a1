import type { AsPath } from '../../bgp/as-path.ts';
import type { Path, PathStore } from '../../bgp/attributes.ts';
import { createPairTable, notePair, type PairTable, pairValue } from '../../bgp/pair-table.ts';
import { type AsPathQuestions, answersFor, asPathQuestions } from '../../bgp/policy/as-path-questions.ts';
import type { PolicyTables } from '../../bgp/policy/match.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { RouterContext } from '../../bgp/router.ts';
import type { Answers, PeerClass } from '../peer-classes.ts';

/** What is asked of AS_PATHs and attributes in every delivery, by their numbers, and the answers of policies by number. */
export interface Numbers {
  /** Four per AS_PATH: length, first AS, a bit for each AS in it, 1 where it is one sequence or empty. */
  asPaths: Int32Array;
  /** By attributes + 1: flags, and a number for the MED. */
  flags: Uint8Array;
  meds: Int32Array;
  readonly medNumbers: Map<number | null, number>;
  readonly imports: ClassAnswers[];
  readonly exports: ClassAnswers[];
  /** By the key of the questions. */
  readonly views: Map<string, AsPathViews>;
  importNumber(peerClass: PeerClass): number;
  exportNumber(peerClass: PeerClass): number;
}

/** Answers of one class: attributes + 1 by number plus one, or 1 where refused; 0: not asked yet. */
export interface ClassAnswers {
  readonly peerClass: PeerClass;
  /** By attributes (scope 'attributes'), with the kind of the source for exports. */
  known: Int32Array;
  /** By what the policy finds in the AS_PATH, and attributes (scope 'path'). */
  pairs: PairTable;
  /** null: by the AS_PATH itself. */
  readonly views: AsPathViews | null;
  epoch: number;
}

/** By number of the AS_PATH: what it answers to the questions, plus one; 0: not asked yet. */
export interface AsPathViews {
  readonly questions: AsPathQuestions;
  known: Int32Array;
}

/** Flags of attributes: noted; next hop is whoever sent it; and neither ORIGINATOR_ID nor CLUSTER_LIST; a MED that counts. */
const NOTED = 1;
export const OWN_HOP = 2;
export const PLAIN = 4;
export const HAS_MED = 8;

export function createNumbers(): Numbers {
  const [importsOf, exportsOf] = [new Map<Answers, number>(), new Map<Answers, number>()];
  const numbers: Numbers = {
    asPaths: new Int32Array(4 * 1024),
    flags: new Uint8Array(256),
    meds: new Int32Array(256),
    medNumbers: new Map(),
    imports: [],
    exports: [],
    views: new Map(),
    importNumber: (peerClass) =>
      numberOf(numbers, importsOf, numbers.imports, peerClass, peerClass.peer.options.importPolicy),
    exportNumber: (peerClass) =>
      numberOf(numbers, exportsOf, numbers.exports, peerClass, peerClass.peer.options.exportPolicy),
  };
  return numbers;
}

function numberOf(
  { views }: Numbers,
  known: Map<Answers, number>,
  all: ClassAnswers[],
  peerClass: PeerClass,
  chain: PolicyChain,
): number {
  let number = known.get(peerClass.answers);
  if (number === undefined) {
    number = all.length;
    const own = peerClass.scope === 'path' ? viewsOf(views, chain) : null;
    all.push({ peerClass, known: new Int32Array(256), pairs: createPairTable(), views: own, epoch: 0 });
    known.set(peerClass.answers, number);
  }
  return number;
}

function viewsOf(views: Map<string, AsPathViews>, chain: PolicyChain): AsPathViews | null {
  const questions = asPathQuestions(chain);
  if (questions === null) return null;
  let found = views.get(questions.key);
  if (!found) {
    found = { questions, known: new Int32Array(256) };
    views.set(questions.key, found);
  }
  return found;
}

/** The answer of a class whose scope is 'path'; 0: not asked yet. */
export function pathAnswer(
  { pairs, views }: ClassAnswers,
  { store, tables }: RouterContext,
  asPath: number,
  key: number,
): number {
  return pairValue(pairs, views === null ? asPath : viewOf(views, store, tables, asPath), key);
}

export function notePathAnswer(
  answers: ClassAnswers,
  { store, tables }: RouterContext,
  asPath: number,
  key: number,
  value: number,
): void {
  const { pairs, views } = answers;
  const view = views === null ? asPath : viewOf(views, store, tables, asPath);
  if (pairValue(pairs, view, key) === 0) notePair(pairs, view, key, value);
}

function viewOf(views: AsPathViews, store: PathStore, tables: PolicyTables, asPath: number): number {
  const known = views.known[asPath] ?? 0;
  if (known > 0) return known;
  const view = answersFor(views.questions, asPathOf(store, asPath), tables) + 1;
  if (asPath >= views.known.length) views.known = grown(views.known, asPath);
  views.known[asPath] = view;
  return view;
}

/** Before a prefix: answers that hang on it are void. Small tables of pairs are kept. */
export function refreshAnswers(answers: ClassAnswers, epoch: number): void {
  if (answers.epoch === epoch) return;
  answers.epoch = epoch;
  if (answers.peerClass.answers.byPrefix) {
    answers.known.fill(0);
    answers.pairs = createPairTable();
  } else if (answers.pairs.size > 2048) answers.pairs = createPairTable();
}

/** Numbers of paths are about to stand for others, those of attributes only if `attributesToo`. */
export function forgetNumbers({ imports, exports, views, flags }: Numbers, attributesToo: boolean): void {
  for (const { known } of views.values()) known.fill(0);
  for (const answers of [...imports, ...exports]) {
    // Answers by view stay: what an AS_PATH says is asked again, what follows from it is not.
    if (attributesToo || answers.views === null) answers.pairs = createPairTable();
    if (attributesToo) answers.known.fill(0);
  }
  if (attributesToo) flags.fill(0);
}

export function noteKnown(answers: ClassAnswers, key: number, value: number): void {
  if (key >= answers.known.length) answers.known = grown(answers.known, key);
  answers.known[key] = value;
}

function grown(values: Int32Array<ArrayBuffer>, place: number): Int32Array<ArrayBuffer>;
function grown(values: Int32Array, place: number): Int32Array;
function grown(values: Int32Array, place: number): Int32Array {
  const longer = new Int32Array(Math.max(values.length * 2, place + 1));
  longer.set(values);
  return longer;
}

/** The bit that stands for an AS: a path without it does not hold the AS. */
export function bitOf(asn: number): number {
  return 1 << (Math.imul(asn, 0x9e3779b1) >>> 27);
}

/** Notes an AS_PATH that is about to be used by its number. */
export function noteAsPath(numbers: Numbers, asPath: AsPath): number {
  const at = asPath.id * 4;
  if (at >= numbers.asPaths.length) numbers.asPaths = grown(numbers.asPaths, at + 3);
  const { asPaths } = numbers;
  const { rest } = asPath;
  asPaths[at] = asPath.length;
  asPaths[at + 1] = asPath.neighborAs;
  if (rest !== null) {
    // Any path behind another was noted before it, or is walked through once.
    asPaths[at + 2] = bitOf(asPath.neighborAs) | bitsOf(rest);
    asPaths[at + 3] = 1;
  } else {
    asPaths[at + 2] = bitsOf(asPath);
    asPaths[at + 3] = asPath.count === 0 ? 1 : 0;
  }
  return asPath.id;
}

function bitsOf(asPath: AsPath): number {
  let bits = 0;
  let at = asPath;
  for (; at.rest !== null; at = at.rest) bits |= bitOf(at.neighborAs);
  if (at.count > 0) for (const asn of at.asns) bits |= bitOf(asn);
  return bits;
}

/** Notes a path whose attributes are about to be used by their number; the answer is that number plus one. */
export function noteAttributes(numbers: Numbers, path: Path): number {
  const key = path.attributes + 1;
  if (key >= numbers.flags.length) {
    numbers.meds = grown(numbers.meds, key);
    const longer = new Uint8Array(numbers.meds.length);
    longer.set(numbers.flags);
    numbers.flags = longer;
  }
  if (numbers.flags[key] !== 0) return key;
  const own = path.nextHop === null && (path.destination ?? null) === null;
  const plain = own && path.originatorId === null && path.clusterList.length === 0;
  let med = numbers.medNumbers.get(path.med);
  if (med === undefined) {
    med = numbers.medNumbers.size;
    numbers.medNumbers.set(path.med, med);
  }
  numbers.flags[key] = NOTED | (own ? OWN_HOP : 0) | (plain ? PLAIN : 0) | (path.med ? HAS_MED : 0);
  numbers.meds[key] = med;
  return key;
}

export function asPathOf({ asPaths }: PathStore, number: number): AsPath {
  return asPaths.byId[number] ?? asPaths.empty;
}
