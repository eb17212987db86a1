import { Ajv, type ValidateFunction } from 'ajv';
import { openApi } from './openapi.ts';
import { type ApiAnswer, type ApiTarget, failed, type Route, routes } from './routes.ts';
import type { Schema } from './schemas.ts';

const ajv = new Ajv({ allErrors: false, strict: true });

interface Prepared {
  readonly route: Route;
  readonly path: RegExp;
  readonly query: ValidateFunction;
  readonly body: ValidateFunction | null;
}

const prepared: readonly Prepared[] = routes.map((route) => ({
  route,
  path: new RegExp(`^${route.path.replaceAll('{name}', '([^/]+)')}$`),
  query: ajv.compile(route.query as Schema),
  body: route.body ? ajv.compile(route.body) : null,
}));

/** Answers one request of the JSON API: no socket, so that it is tested without one. `url` is path and query; `body` the text that came. */
export function dispatch(target: ApiTarget, method: string, url: string, body: string): ApiAnswer {
  const [path = '', search = ''] = url.split('?', 2);
  if (path === '/openapi.json' && method === 'GET') return { status: 200, body: openApi() };
  const fitting = prepared.filter((one) => one.path.test(path));
  if (fitting.length === 0) return failed(404, 'nothing is here; /openapi.json says what is');
  const one = fitting.find(({ route }) => route.method === method);
  if (!one) return failed(405, `${path} takes ${fitting.map(({ route }) => route.method).join(', ')}`);
  const name = decoded(one.path.exec(path)?.[1] ?? '');
  const query = decodedQuery(search);
  if (name === null || query === null) return failed(400, 'the address is not well encoded');
  if (!one.query(query)) return failed(400, `query: ${said(one.query)}`);
  const given = one.body ? parsed(body) : undefined;
  if (given === NOT_JSON) return failed(400, 'the body is not JSON');
  if (one.body && !one.body(given)) return failed(400, `body: ${said(one.body)}`);
  return one.route.answer(target, { name, query, body: given });
}

/** The first fault, with the name of what is too much. */
function said({ errors }: ValidateFunction): string {
  const [first] = errors ?? [];
  const extra = first?.params['additionalProperty'];
  const allowed = first?.params['allowedValues'];
  const more = extra !== undefined ? ` '${extra}'` : Array.isArray(allowed) ? ` (${allowed.join(', ')})` : '';
  return `${(first?.instancePath ?? '').slice(1)} ${first?.message ?? 'is not allowed'}${more}`.trim();
}

const NOT_JSON = Symbol('not JSON');

function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return NOT_JSON;
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** A name given twice counts once, the last one. */
function decodedQuery(search: string): Readonly<Record<string, string>> | null {
  const query = new Map<string, string>();
  for (const part of search === '' ? [] : search.split('&')) {
    const at = part.indexOf('=');
    const name = decoded(at < 0 ? part : part.slice(0, at));
    const value = decoded(at < 0 ? '' : part.slice(at + 1).replaceAll('+', ' '));
    if (name === null || value === null) return null;
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
