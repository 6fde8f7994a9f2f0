import type { z } from 'zod';
import {
  PATHS,
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  type ProblemCode,
  problemSchema,
  problemsOf,
  ROUTES,
  type Route,
  type RouteName,
} from '../contract/door.ts';
import { componentSchemas, type JsonSchema, schemaRef } from './component-schemas.ts';
import { describeHeader, pathParameters, requestParameters } from './parameters.ts';

/** A JSON document: what `/openapi.json` serves. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of the whole API, generated from the table that the router checks by. */
export function buildDocument(): OpenApiDocument {
  const paths: Record<string, Json> = {};
  for (const name of Object.keys(PATHS) as RouteName[]) {
    const { method, path } = PATHS[name];
    const item = paths[path] ?? { parameters: pathParameters(path) };
    paths[path] = { ...item, [method.toLowerCase()]: describeOperation(name, ROUTES[name]) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Holdfast booking API',
      version: '1',
      description: describeProblems(),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

const OPERATORS_ONLY =
  'Takes a token of the role `operator` (`npm run token -- --role operator`). To any other token this address answers 404 `route.unknown`.';

function describeOperation(operationId: RouteName, route: Route): Json {
  return {
    operationId,
    summary: route.summary,
    ...(route.access === 'operator' ? { description: OPERATORS_ONLY, tags: ['operator'] } : {}),
    ...(route.access === 'open' ? { security: [] } : {}),
    ...(route.access === 'optional' ? { security: [{}, { bearer: [] }] } : {}),
    ...(route.access === 'shopper' || route.access === 'operator'
      ? { security: [{ bearer: [] }] }
      : {}),
    parameters: requestParameters(route),
    ...(route.body === undefined ? {} : { requestBody: describeBody(route.body) }),
    responses: { ...describeAnswers(route), ...describeRefusals(problemsOf(route)) },
  };
}

function describeBody(body: z.ZodType): Json {
  return {
    required: !body.safeParse(undefined).success,
    content: { 'application/json': { schema: schemaRef(body, 'input') } },
  };
}

function describeAnswers(route: Route): Json {
  const answers = Object.entries(route.answers).map(([status, answer]) => {
    const headers = Object.fromEntries(
      (answer.headers ?? []).map((header) => [header, describeHeader(header)]),
    );
    const content =
      answer.schema !== undefined
        ? { 'application/json': { schema: schemaRef(answer.schema, 'output') } }
        : answer.media === undefined
          ? undefined
          : {
              [answer.media]: { schema: { type: 'string', format: 'binary' } satisfies JsonSchema },
            };
    const { description } = answer;
    return [status, { description, headers, ...(content === undefined ? {} : { content }) }];
  });
  return Object.fromEntries(answers);
}

/** One response for each status; its codes are named, and the schema lets no other through. */
function describeRefusals(codes: readonly ProblemCode[]): Json {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, named]) => [
    status,
    {
      description: named.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
      content: {
        [PROBLEM_MEDIA_TYPE]: {
          schema: {
            allOf: [schemaRef(problemSchema, 'output')],
            properties: { code: { enum: named }, status: { const: status } },
          },
        },
      },
    },
  ]);
  return Object.fromEntries(responses);
}

function describeProblems(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title, next, advice }]) =>
      `| \`${code}\` | ${status} | ${title} | ${next} | ${advice} |`,
  );
  return [
    'Refusals are RFC 9457 problems with a stable `code`; `next` says what a program does about it.',
    '',
    '| code | status | title | next | advice |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
