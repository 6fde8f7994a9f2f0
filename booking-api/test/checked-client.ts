import * as assert from 'uvu/assert';
import {
  type ApiClient,
  createApiClient,
  PROBLEMS,
  type Problem,
  type ProblemCode,
} from '../src/contract/door.ts';
import { createOpenApiChecks } from './openapi-checks.ts';

/** One set of checks for all clients of a test process: compiling the document takes a while. */
const CHECKS = createOpenApiChecks();

/** A caller that holds everything it sends and gets to the OpenAPI document. */
export type CheckedClient = ApiClient & {
  /** Whatever a test wants to send; not held to the types, but to the document. */
  send(method: string, path: string, request?: RawRequest): Promise<RawAnswer>;
};

export type RawRequest = {
  /** Sent as it is when a string, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json(): unknown;
};

export function createCheckedClient(baseUrl: string, token: string | null): CheckedClient {
  const checkedFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const requestBody = request.body === null ? null : await request.clone().text();
    const response = await fetch(request);
    const url = new URL(request.url);
    CHECKS.check({
      method: request.method,
      path: url.pathname + url.search,
      requestHeaders: request.headers,
      requestBody,
      status: response.status,
      responseHeaders: response.headers,
      responseBody: await response.clone().text(),
    });
    return response;
  };
  return {
    ...createApiClient({ fetch: checkedFetch, baseUrl, token: () => token }),
    send: async (method, path, { body, headers } = {}) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const response = await checkedFetch(`${baseUrl}${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
      });
      const answer = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text: answer,
        json: () => JSON.parse(answer),
      };
    },
  };
}

type Result = Awaited<ReturnType<ApiClient['call']>>;

/** The refusal with this code, or a failed test. */
export function refused(result: Result, code: ProblemCode): Problem {
  if (result.kind !== 'refused')
    assert.unreachable(`expected ${code}, got ${JSON.stringify(result)}`);
  assert.is(result.problem.code, code, JSON.stringify(result.problem));
  return result.problem;
}

type Done<R, S> = Extract<R, { readonly kind: 'done'; readonly status: S }>;

/** The answer with this status, or a failed test. */
export function done<R extends { readonly kind: string }, S extends number>(
  result: R,
  status: S,
): Done<R, S> {
  const isDone = (one: R): one is Done<R, S> =>
    one.kind === 'done' && 'status' in one && one.status === status;
  if (!isDone(result)) assert.unreachable(`expected ${status}, got ${JSON.stringify(result)}`);
  return result as Done<R, S>; // uvu's `unreachable` throws, which its type does not say
}

/** Holds a raw answer to a problem code: status, media type, no text of what lies behind. */
export function isProblem(answer: RawAnswer, code: ProblemCode): void {
  assert.is(answer.headers.get('content-type'), 'application/problem+json', answer.text);
  assert.ok(answer.text.includes(`"code":"${code}"`), `expected ${code}, got ${answer.text}`);
  assert.is(answer.status, PROBLEMS[code].status);
  assert.not.match(answer.text, /at .*\.(ts|js):\d|ioredis|node_modules|ECONNREFUSED|WRONGTYPE/);
}
