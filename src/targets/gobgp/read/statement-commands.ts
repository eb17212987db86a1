import type { Values } from './edits.ts';
import type { Reading } from './reading.ts';
import type { Word } from './words.ts';

/** What a command puts into a statement, and into which of its tables. */
export interface Part {
  readonly path: readonly string[];
  readonly values: Values;
}

function isNumber(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}

type Reader = (args: readonly string[], words: readonly Word[], reading: Reading) => Part | null;

const bgpConditions = ['conditions', 'bgp-conditions'];
const bgpActions = ['actions', 'bgp-actions'];

const matching =
  (path: readonly string[], kind: string): Reader =>
  ([name, option = 'any']) =>
    name === undefined
      ? null
      : {
          path,
          values: {
            [`match-${kind}-set`]: { [`${kind}-set`]: name, 'match-set-options': option.toLowerCase() },
          },
        };
const one =
  (path: readonly string[], key: string): Reader =>
  ([value]) =>
    value === undefined ? null : { path, values: { [key]: value } };
const several =
  (key: string): Reader =>
  (args) => ({ path: bgpConditions, values: { [key]: args } });

const conditions: ReadonlyMap<string, Reader> = new Map([
  ['prefix', matching(['conditions'], 'prefix')],
  ['neighbor', matching(['conditions'], 'neighbor')],
  ...['as-path', 'community', 'ext-community', 'large-community'].map(
    (kind) => [kind, matching(bgpConditions, kind)] as const,
  ),
  [
    'as-path-length',
    ([value = '', operator = '']) =>
      isNumber(value)
        ? {
            path: bgpConditions,
            values: { 'as-path-length': { operator: operator.toLowerCase(), value: Number(value) } },
          }
        : null,
  ],
  ['rpki', one(bgpConditions, 'rpki-validation-result')],
  ['route-type', one(bgpConditions, 'route-type')],
  ['next-hop-in-list', several('next-hop-in-list')],
  ['afi-safi-in', several('afi-safi-in-list')],
]);

const communities =
  (kind: string): Reader =>
  ([options = '', ...list]) => ({
    path: bgpActions,
    values: {
      [`set-${kind}`]: {
        options: options.toLowerCase(),
        ...(list.length === 0 ? { emptied: true } : {}),
        [`set-${kind}-method`]: { 'communities-list': list },
      },
    },
  });
const disposition =
  (text: string): Reader =>
  () => ({ path: ['actions'], values: { 'route-disposition': text } });

const signs: Readonly<Record<string, string>> = { add: '+', sub: '-', set: '' };

const actions: ReadonlyMap<string, Reader> = new Map([
  ['accept', disposition('accept-route')],
  ['reject', disposition('reject-route')],
  ...['community', 'ext-community', 'large-community'].map((kind) => [kind, communities(kind)] as const),
  [
    'med',
    ([op = '', value]) =>
      value === undefined || !Object.hasOwn(signs, op.toLowerCase())
        ? null
        : { path: bgpActions, values: { 'set-med': `${signs[op.toLowerCase()] ?? ''}${value}` } },
  ],
  [
    'local-pref',
    ([value = '']) =>
      isNumber(value) ? { path: bgpActions, values: { 'set-local-pref': Number(value) } } : null,
  ],
  ['as-prepend', prepend],
  ['next-hop', one(bgpActions, 'set-next-hop')],
] satisfies readonly (readonly [string, Reader])[]);

/** The command line knows no `last-as`: what is no number is AS 0 (modAction). */
function prepend([asn = '', times]: readonly string[]): Part | null {
  if (times === undefined || !isNumber(times)) return null;
  const as = isNumber(asn) ? asn : '0';
  return { path: bgpActions, values: { 'set-as-path-prepend': { as, 'repeat-n': Number(times) } } };
}

/** `condition prefix NAME`, `action med add 5`; null: gobgp does not know it, or it is not followed. */
export function partOf(what: string, words: readonly Word[], reading: Reading): Part | null {
  const [kind, ...args] = words;
  const readers = what === 'condition' ? conditions : what === 'action' ? actions : null;
  const reader = readers?.get(kind?.text ?? '');
  return reader
    ? reader(
        args.map(({ text }) => text),
        words,
        reading,
      )
    : null;
}
