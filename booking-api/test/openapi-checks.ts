import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { buildDocument, type OpenApiDocument } from '../src/openapi/build-document.ts';

/**
 * Holds every request and answer that a test sees to the OpenAPI document. An answer must always be
 * documented: its status, its body, its headers. A request may be wrong on purpose; then the service
 * must refuse it.
 */
export type OpenApiChecks = {
  /** Throws an error that names the operation and what does not fit. */
  check(seen: SeenExchange): void;
  /** `operationId status` of all that was seen. */
  readonly seen: ReadonlySet<string>;
};

export type SeenExchange = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly requestHeaders: Headers;
  readonly requestBody: string | null;
  readonly status: number;
  readonly responseHeaders: Headers;
  readonly responseBody: string | null;
};

type Json = { readonly [key: string]: unknown };
type Operation = {
  readonly id: string;
  readonly pattern: RegExp;
  readonly method: string;
  readonly pathNames: readonly string[];
  readonly spec: Json;
  readonly shared: readonly unknown[];
};

export function createOpenApiChecks(document: OpenApiDocument = buildDocument()): OpenApiChecks {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  // The package's types describe its CommonJS form; under ESM the function is the default's default.
  (formats as unknown as { default: (target: Ajv2020) => void }).default(ajv);
  ajv.addSchema(document, 'api.json');
  const operations = listOperations(document);
  const seen = new Set<string>();
  const compiled = new Map<string, ValidateFunction>();

  const problemsOf = (schema: unknown, value: unknown): string | null => {
    const text = JSON.stringify(schema);
    const validate = compiled.get(text) ?? ajv.compile(absolute(text));
    compiled.set(text, validate);
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };

  return {
    seen,
    check: (exchange) => {
      const url = new URL(exchange.path, 'http://example.org');
      const operation = operations.find(
        ({ method, pattern }) => method === exchange.method && pattern.test(url.pathname),
      );
      if (operation === undefined) {
        if (exchange.status < 400) throw new Error(`undocumented answer at ${exchange.path}`);
        checkLooseProblem(exchange, problemsOf);
        return;
      }
      seen.add(`${operation.id} ${exchange.status}`);
      const at = `${operation.id} ${exchange.status}`;
      const wrong = wrongRequest(operation, exchange, url, problemsOf);
      if (wrong !== null && exchange.status < 400) {
        throw new Error(`${at}: the document refuses this request, the service did not: ${wrong}`);
      }
      checkAnswer(operation, exchange, problemsOf);
    },
  };
}

type ProblemsOf = (schema: unknown, value: unknown) => string | null;

function wrongRequest(
  operation: Operation,
  exchange: SeenExchange,
  url: URL,
  problemsOf: ProblemsOf,
): string | null {
  const values = operation.pattern.exec(url.pathname) ?? [];
  for (const parameter of [...operation.shared, ...list(operation.spec['parameters'])]) {
    const { name, in: place, schema } = fields(parameter);
    const value =
      place === 'path'
        ? values[operation.pathNames.indexOf(String(name)) + 1]
        : place === 'query'
          ? url.searchParams.get(String(name))
          : exchange.requestHeaders.get(String(name));
    if (value === null || value === undefined) continue;
    const wrong = problemsOf(schema, decodeURIComponent(value));
    if (wrong !== null) return `${String(place)} ${String(name)}: ${wrong}`;
  }
  const { requestBody } = operation.spec;
  if (requestBody === undefined) return null;
  const { required, content } = fields(requestBody);
  if (exchange.requestBody === null || exchange.requestBody === '') {
    return required === true ? 'a body is required' : null;
  }
  const { schema } = fields(fields(content)['application/json']);
  return problemsOf(schema, parse(exchange.requestBody));
}

function checkAnswer(operation: Operation, exchange: SeenExchange, problemsOf: ProblemsOf): void {
  const { status, responseHeaders, responseBody } = exchange;
  const at = `${operation.id} ${status}`;
  const response = fields(fields(operation.spec['responses'])[`${status}`]);
  if (Object.keys(response).length === 0) throw new Error(`${at} is not documented`);
  for (const header of Object.keys(fields(response['headers']))) {
    if (responseHeaders.get(header) === null) throw new Error(`${at}: no header ${header}`);
  }
  const content = Object.entries(fields(response['content']));
  const [media, body] = content[0] ?? [];
  const type = responseHeaders.get('content-type')?.split(';')[0] ?? null;
  if (media === undefined) {
    if (responseBody !== null && responseBody !== '') throw new Error(`${at} has a body`);
    return;
  }
  if (type !== media) throw new Error(`${at} is ${type}, not ${media}`);
  if (!media.includes('json')) return;
  const wrong = problemsOf(fields(body)['schema'], parse(responseBody ?? ''));
  if (wrong !== null) throw new Error(`${at}: ${wrong}: ${responseBody}`);
}

/** Where no operation is meant, the answer still must be a problem. */
function checkLooseProblem(exchange: SeenExchange, problemsOf: ProblemsOf): void {
  if (exchange.method === 'HEAD') return;
  const wrong = problemsOf({ $ref: '#/components/schemas/Problem' }, parse(exchange.responseBody));
  if (wrong !== null) throw new Error(`${exchange.method} ${exchange.path}: ${wrong}`);
}

function listOperations(document: OpenApiDocument): Operation[] {
  return Object.entries(fields(document['paths'])).flatMap(([path, item]) => {
    const { parameters, ...methods } = fields(item);
    const pathNames = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    return Object.entries(methods).map(([method, spec]) => ({
      id: String(fields(spec)['operationId']),
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`),
      method: method.toUpperCase(),
      pathNames,
      spec: fields(spec),
      shared: list(parameters),
    }));
  });
}

/** References as the validator knows them. */
function absolute(schema: string): Json {
  return fields(JSON.parse(schema.replaceAll('"#/components', '"api.json#/components')));
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
