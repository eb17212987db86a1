import type { Prefix } from '../../base/ip.ts';
import { createPairTable, notePair, type PairTable, pairValue } from '../../bgp/pair-table.ts';
import { type AsPathQuestions, answersFor, asPathQuestions } from '../../bgp/policy/as-path-questions.ts';
import { type PrefixQuestions, prefixAnswers, prefixQuestions } from '../../bgp/policy/prefix-questions.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { RouterContext } from '../../bgp/router.ts';
import type { Answers, PeerClass } from '../peers/peer-classes.ts';
import { asPathOf, grown } from './numbers.ts';

/** The answers of policies by number, for all classes of peers. */
export interface Classes {
  readonly imports: ClassAnswers[];
  readonly exports: ClassAnswers[];
  readonly views: AsPathViews[];
  importNumber(peerClass: PeerClass): number;
  exportNumber(peerClass: PeerClass): number;
}

/**
 * Answers of one class. What a policy does hangs on the attributes, on what it finds in the AS_PATH and on what it finds in the
 * prefix: both are few, so its answers outlive the prefix.
 */
export interface ClassAnswers {
  readonly peerClass: PeerClass;
  /** Number of its `AsPathViews` plus one; 0: the policy does not look at AS_PATHs, or at too much of them. */
  readonly view: number;
  /** What it asks of prefixes; null: nothing. 'all': nobody knows, so answers are for one prefix. */
  readonly asks: PrefixQuestions | 'all' | null;
  readonly sheets: Map<number | string, Sheet>;
  /** The one for the prefix with the number `epoch`. */
  sheet: Sheet;
  epoch: number;
}

/** Attributes + 1 by number plus one, or 1 where refused; 0: not asked yet. */
interface Sheet {
  /** By attributes (scope 'attributes'), with the kind of the source for exports. */
  known: Int32Array;
  /** By view of the AS_PATH, or the AS_PATH itself, and the same (scope 'path'). */
  pairs: PairTable;
}

/** By number of the AS_PATH: what it answers to the questions, plus one; 0: not asked yet. */
export interface AsPathViews {
  readonly questions: AsPathQuestions;
  known: Int32Array;
}

/** Sheets of one class: prefixes answer alike as a rule. */
const MOST_SHEETS = 64;
/** Answers by the AS_PATH itself are of no use for long. */
const MOST_PAIRS = 2048;

export function createClasses(): Classes {
  const [importsOf, exportsOf] = [new Map<Answers, number>(), new Map<Answers, number>()];
  const classes: Classes = {
    imports: [],
    exports: [],
    views: [],
    importNumber: (peerClass) =>
      numberOf(classes, importsOf, classes.imports, peerClass, peerClass.peer.options.importPolicy),
    exportNumber: (peerClass) =>
      numberOf(classes, exportsOf, classes.exports, peerClass, peerClass.peer.options.exportPolicy),
  };
  return classes;
}

function numberOf(
  { views }: Classes,
  known: Map<Answers, number>,
  all: ClassAnswers[],
  peerClass: PeerClass,
  chain: PolicyChain,
): number {
  const { answers, scope } = peerClass;
  let number = known.get(answers);
  if (number === undefined) {
    number = all.length;
    const view = scope === 'path' ? viewNumber(views, chain) : 0;
    const asks = answers.byPrefix ? (prefixQuestions(chain) ?? 'all') : null;
    all.push({ peerClass, view, asks, sheets: new Map(), sheet: createSheet(), epoch: 0 });
    known.set(answers, number);
  }
  return number;
}

function viewNumber(views: AsPathViews[], chain: PolicyChain): number {
  const questions = asPathQuestions(chain);
  if (questions === null) return 0;
  const found = views.findIndex((one) => one.questions.key === questions.key);
  return found >= 0 ? found + 1 : views.push({ questions, known: new Int32Array(256) });
}

function createSheet(): Sheet {
  return { known: new Int32Array(64), pairs: createPairTable() };
}

/** Turns to the answers for the prefix at hand, the one with the number `epoch`. */
function turnTo(answers: ClassAnswers, epoch: number, prefix: Prefix): void {
  answers.epoch = epoch;
  const { asks, sheets } = answers;
  if (asks === 'all') answers.sheet = createSheet();
  else if (asks !== null) {
    const key = prefixAnswers(asks, prefix);
    let sheet = sheets.get(key);
    if (!sheet) {
      if (sheets.size >= MOST_SHEETS) sheets.clear();
      sheet = createSheet();
      sheets.set(key, sheet);
    }
    answers.sheet = sheet;
  }
  if (answers.view === 0 && answers.sheet.pairs.size > MOST_PAIRS) answers.sheet.pairs = createPairTable();
}

/** What is asked about: the prefix at hand by its number, and the tables of the simulation. */
export interface Asked {
  readonly classes: Classes;
  readonly context: RouterContext;
  readonly epoch: number;
  readonly engine: { readonly prefix: Prefix };
}

/** The answer for an AS_PATH and `key`: the attributes, and whatever else counts; 0: not asked yet, or not to be kept. */
export function answerOf(asked: Asked, answers: ClassAnswers, asPath: number, key: number): number {
  if (answers.epoch !== asked.epoch) turnTo(answers, asked.epoch, asked.engine.prefix);
  const { scope } = answers.peerClass;
  if (scope === 'attributes') return answers.sheet.known[key] ?? 0;
  return scope === 'path' ? pairValue(answers.sheet.pairs, viewOf(asked, answers, asPath), key) : 0;
}

/** Keeps an answer, unless it hangs on the whole path. */
export function keepAnswer(
  asked: Asked,
  answers: ClassAnswers,
  asPath: number,
  key: number,
  value: number,
): void {
  if (answers.epoch !== asked.epoch) turnTo(answers, asked.epoch, asked.engine.prefix);
  const { sheet } = answers;
  const { scope } = answers.peerClass;
  if (scope === 'attributes') {
    if (key >= sheet.known.length) sheet.known = grown(sheet.known, key);
    sheet.known[key] = value;
  } else if (scope === 'path') {
    const view = viewOf(asked, answers, asPath);
    if (pairValue(sheet.pairs, view, key) === 0) notePair(sheet.pairs, view, key, value);
  }
}

/** What the policy finds in the AS_PATH, as a number; where that is not known, the AS_PATH itself. */
export function viewOf({ classes, context }: Asked, { view }: ClassAnswers, asPath: number): number {
  if (view === 0) return asPath;
  const views = classes.views[view - 1];
  if (!views) return asPath;
  const known = views.known[asPath] ?? 0;
  if (known > 0) return known;
  const found = answersFor(views.questions, asPathOf(context.store, asPath), context.tables) + 1;
  if (asPath >= views.known.length) views.known = grown(views.known, asPath);
  views.known[asPath] = found;
  return found;
}

/** Numbers of paths are about to stand for others, those of attributes only if `attributesToo`. */
export function forgetClasses({ imports, exports, views }: Classes, attributesToo: boolean): void {
  for (const { known } of views) known.fill(0);
  for (const all of [imports, exports])
    for (const answers of all) {
      // Answers by view stay: what an AS_PATH says is asked again, what follows from it is not.
      if (attributesToo || (answers.view === 0 && answers.peerClass.scope === 'path')) clear(answers);
    }
}

function clear(answers: ClassAnswers): void {
  answers.sheets.clear();
  if (answers.sheet.pairs.size > 0) answers.sheet.pairs = createPairTable();
  answers.sheet.known.fill(0);
  answers.epoch = 0;
}
