import { type CarriedFamily, familyOf, isCarried } from '../../base/family.ts';
import { parseAddress } from '../../base/ip.ts';
import type { Neighbor } from '../neighbor/neighbor.ts';
import type { AnnounceRequest, Operation, Outcome, ResetKind } from '../operation/operation.ts';
import { readPrefix } from '../operation/requests.ts';
import type { Speaker } from '../speaker.ts';
import { neighborView } from './neighbor-view.ts';
import {
  announceBody,
  emptyBody,
  emptyQuery,
  resetBody,
  type Schema,
  shutdownBody,
  tableQuery,
  withdrawBody,
} from './schemas.ts';
import { statusView } from './status-view.ts';
import { adjInPage, adjOutPage, ribPage, type Selection } from './table-views.ts';

/** What the API works on. */
export interface ApiTarget {
  readonly name: string;
  readonly speaker: Speaker;
  perform(operation: Operation): Outcome;
}

/** A request whose parts passed their schemas. */
export interface ApiRequest {
  /** The neighbor of `/v1/neighbors/{name}/...`. */
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for one segment. */
  readonly path: string;
  readonly summary: string;
  readonly query: Schema;
  /** null: the request has no body. */
  readonly body: Schema | null;
  answer(target: ApiTarget, request: ApiRequest): ApiAnswer;
}

/** Every JSON route there is; OpenAPI is made from this list. */
export const routes: readonly Route[] = [
  get('/v1/status', 'The speaker at a glance', ({ speaker, name }) => ok(statusView(speaker, name))),
  get('/v1/neighbors', 'All neighbors with state, reason, counters and timers', ({ speaker }) =>
    ok({ neighbors: speaker.neighbors.map((one) => neighborView(speaker, one)) }),
  ),
  get('/v1/neighbors/{name}', 'One neighbor', ({ speaker }, { name }) =>
    withNeighbor(speaker, name, (one) => ok(neighborView(speaker, one))),
  ),
  table(
    '/v1/neighbors/{name}/adj-in',
    'What a neighbor said, before and after the import policy',
    (target, one, at) => (one ? adjInPage(target.speaker, one, at) : null),
  ),
  table('/v1/neighbors/{name}/adj-out', 'What a neighbor was told last', (target, one, at) =>
    one ? adjOutPage(target.speaker, one, at) : null,
  ),
  table('/v1/rib', 'Loc-RIB: every usable path, and why each loser lost', (target, _, at) =>
    ribPage(target.speaker, at),
  ),
  post('/v1/announce', 'Announce a route', announceBody, ({ prefix, family, ...attributes }) => ({
    kind: 'announce',
    prefix: String(prefix),
    attributes: attributes as AnnounceRequest,
    ...carriedFamily(family),
  })),
  post('/v1/withdraw', 'Withdraw a route that was announced here', withdrawBody, ({ prefix, family }) => ({
    kind: 'withdraw',
    prefix: String(prefix),
    ...carriedFamily(family),
  })),
  post('/v1/neighbors/{name}/reset', 'Soft or hard reset', resetBody, ({ how, message }, neighbor) => ({
    kind: 'reset',
    neighbor,
    how: how as ResetKind,
    ...(typeof message === 'string' ? { message } : {}),
  })),
  post(
    '/v1/neighbors/{name}/shutdown',
    'End the session and keep it down',
    shutdownBody,
    ({ message }, neighbor) => ({
      kind: 'shutdown',
      neighbor,
      message: typeof message === 'string' ? message : '',
    }),
  ),
  post('/v1/neighbors/{name}/start', 'Start a session that was shut down', emptyBody, (_, neighbor) => ({
    kind: 'enable',
    neighbor,
  })),
];

/** The schema lets nothing else through. */
function carriedFamily(family: unknown): { readonly family?: CarriedFamily } {
  return typeof family === 'string' && isCarried(family) ? { family } : {};
}

function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}

export function failed(status: number, error: string): ApiAnswer {
  return { status, body: { error } };
}

function get(path: string, summary: string, answer: Route['answer']): Route {
  return { method: 'GET', path, summary, query: emptyQuery, body: null, answer };
}

function post(
  path: string,
  summary: string,
  body: Schema,
  operation: (body: Readonly<Record<string, unknown>>, neighbor: string) => Operation,
): Route {
  return {
    method: 'POST',
    path,
    summary,
    query: emptyQuery,
    body,
    answer: (target, { name, body: given }) => {
      const run = () => {
        const outcome = target.perform(operation(given as Readonly<Record<string, unknown>>, name));
        return outcome.ok
          ? ok({ done: true, ...(outcome.words ? { words: outcome.words } : {}) })
          : failed(409, outcome.words);
      };
      return name === '' ? run() : withNeighbor(target.speaker, name, run);
    },
  };
}

function table(
  path: string,
  summary: string,
  page: (target: ApiTarget, neighbor: Neighbor | null, selection: Selection) => unknown,
): Route {
  return {
    method: 'GET',
    path,
    summary,
    query: tableQuery,
    body: null,
    answer: (target, { name, query }) => {
      const selection = selectionOf(query);
      if (typeof selection === 'string') return failed(400, selection);
      if (name === '') return ok(page(target, null, selection));
      return withNeighbor(target.speaker, name, (one) => ok(page(target, one, selection)));
    },
  };
}

function withNeighbor(speaker: Speaker, name: string, answer: (neighbor: Neighbor) => ApiAnswer): ApiAnswer {
  const neighbor = speaker.neighbor(parseAddress(name)?.text ?? name);
  return neighbor ? answer(neighbor) : failed(404, `${name} is not a neighbor`);
}

const MOST_ROWS = 10_000;
const ROWS = 1000;

function selectionOf(query: Readonly<Record<string, string>>): Selection | string {
  const prefix = query['prefix'] === undefined ? null : readPrefix(query['prefix']);
  if (prefix && 'refused' in prefix) return prefix.refused;
  const family = query['family'] ?? (prefix ? familyOf(prefix.family) : 'ipv4-unicast');
  if (prefix && family !== familyOf(prefix.family)) return `${prefix.text} is not of the family ${family}`;
  return {
    family: isCarried(family) || family === 'ipv6-unicast' ? family : 'ipv4-unicast',
    prefix,
    longer: query['longer'] === 'true',
    after: query['after'] === undefined ? -1 : Number(query['after']),
    limit: Math.min(MOST_ROWS, Math.max(1, Number(query['limit'] ?? ROWS))),
  };
}
