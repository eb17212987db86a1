import { routes } from './routes.ts';
import { emptyQuery, eventsQuery, type Schema } from './schemas.ts';

/** The description of the control API (OpenAPI 3.1), made from its routes; docs/speaker-openapi.json is a copy. */
export function openApi(): Schema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, summary, query, body } of routes) {
    const operation = {
      summary,
      parameters: [...pathParameters(path), ...queryParameters(query)],
      ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
      responses: answers,
    };
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  }
  paths['/v1/events'] = {
    get: {
      summary: 'What happens, as it happens: one JSON object a line. A reader that falls behind is cut off',
      parameters: queryParameters(eventsQuery),
      responses: { 200: { description: 'A stream', content: { 'application/x-ndjson': {} } } },
    },
  };
  paths['/metrics'] = {
    get: {
      summary: 'Metrics for Prometheus',
      parameters: queryParameters(emptyQuery),
      responses: { 200: { description: 'Text', content: { 'text/plain': {} } } },
    },
  };
  return {
    openapi: '3.1.0',
    info: { title: 'fabricgen speaker', version: '1', description: 'Control API of a running BGP speaker' },
    paths,
  };
}

const answers = {
  200: { description: 'Done', content: { 'application/json': {} } },
  400: { description: 'The request is not what the schema asks for' },
  404: { description: 'There is no such neighbor' },
  409: { description: 'The speaker refuses; `error` says why' },
};

function pathParameters(path: string): readonly Schema[] {
  if (!path.includes('{name}')) return [];
  return [
    {
      name: 'name',
      in: 'path',
      required: true,
      schema: { type: 'string' },
      description: 'Address of the neighbor',
    },
  ];
}

function queryParameters({ properties }: Schema): readonly Schema[] {
  return Object.entries(properties as Record<string, Schema>).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema,
  }));
}
