import { IDEMPOTENCY_KEY_HEADER, SEATS_MEDIA_TYPE } from './header-names.ts';
import { fillPath, PATHS, type ParamsOf, type RouteName } from './paths.ts';
import type { Problem } from './problem.ts';
import type { AnswerOf, RequestBody } from './routes.ts';

/**
 * One typed caller for the page, crowds and tests. It never throws on a refusal: what came back is
 * a union that the caller must look at. It carries no schemas, so it stays small in a page; that
 * the answers have the shapes of the contract is proved against the server by test.
 */
export type ApiClient = {
  call<Name extends RouteName>(name: Name, request: ApiRequest<Name>): Promise<ApiResult<Name>>;
};

export type ApiClientOptions = {
  readonly fetch: typeof fetch;
  /** `https://tickets.example.org`, or '' for the page's own origin. */
  readonly baseUrl: string;
  /** Asked before each call; null calls without a token. */
  readonly token: () => string | null;
};

type Params<Name extends RouteName> = ParamsOf<(typeof PATHS)[Name]['path']>;

type RequestOptions = {
  readonly query?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
  /** A rev or version, sent as ETag. */
  readonly ifMatch?: number;
  readonly signal?: AbortSignal;
};

export type ApiRequest<Name extends RouteName> = RequestOptions & {
  readonly body?: RequestBody<Name>;
} & ([Params<Name>] extends [never]
    ? { readonly params?: undefined }
    : { readonly params: Readonly<Record<Params<Name>, string>> });

export type ApiResult<Name extends RouteName> =
  | ({ readonly kind: 'done'; readonly headers: Headers } & AnswerOf<Name>)
  /** The server said no, and why; nothing was changed. */
  | { readonly kind: 'refused'; readonly problem: Problem; readonly headers: Headers }
  /** No answer of this API came back: whether the request was done is unknown. */
  | { readonly kind: 'unreachable'; readonly cause: unknown };

export function createApiClient(options: ApiClientOptions): ApiClient {
  return {
    async call(name, request) {
      const { method, path } = PATHS[name];
      const query = request.query ? `?${new URLSearchParams(request.query)}` : '';
      const url = options.baseUrl + fillPath(path, request.params ?? {}) + query;
      try {
        const response = await options.fetch(url, {
          method,
          headers: headersOf(request, request.body !== undefined, options.token()),
          ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        });
        return await readResult(response);
      } catch (cause) {
        return { kind: 'unreachable', cause };
      }
    },
  };
}

function headersOf(request: RequestOptions, hasBody: boolean, token: string | null): Headers {
  const headers = new Headers({ accept: 'application/json' });
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (hasBody) headers.set('content-type', 'application/json');
  if (request.ifMatch !== undefined) headers.set('if-match', `"${request.ifMatch}"`);
  if (request.idempotencyKey !== undefined) {
    headers.set(IDEMPOTENCY_KEY_HEADER, request.idempotencyKey);
  }
  return headers;
}

async function readResult<Name extends RouteName>(response: Response): Promise<ApiResult<Name>> {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? '';
  if (status >= 400) {
    if (!type.includes('problem+json')) throw new Error(`status ${status} without a problem`);
    // The contract suite holds every refusal of the server to this schema.
    return { kind: 'refused', problem: (await response.json()) as Problem, headers };
  }
  const body: unknown = type.includes('json')
    ? await response.json()
    : type === SEATS_MEDIA_TYPE
      ? new Uint8Array(await response.arrayBuffer())
      : null;
  const result: unknown = { kind: 'done', status, body, headers };
  // Likewise every answer: the route table that types this call is the one the server is tested by.
  return result as ApiResult<Name>;
}
