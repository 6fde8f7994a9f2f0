import type { ServerResponse } from 'node:http';

export type GatewayProblem = {
  readonly status: 400 | 404 | 405 | 502 | 504;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
};

export const NO_UPSTREAM: GatewayProblem = {
  status: 502,
  code: 'gateway.no-upstream',
  title: 'No server behind the gateway answered.',
  detail: 'Nothing was changed; try again in a moment.',
};

export const UPSTREAM_BROKE: GatewayProblem = {
  status: 502,
  code: 'gateway.broken-answer',
  title: 'The server behind the gateway went away before it answered.',
  detail:
    'It is not known whether the request was carried out; send it again with the same Idempotency-Key.',
};

export const UPSTREAM_LATE: GatewayProblem = {
  status: 504,
  code: 'gateway.late-answer',
  title: 'The server behind the gateway took too long.',
  detail:
    'It is not known whether the request was carried out; send it again with the same Idempotency-Key.',
};

export const NOT_HERE: GatewayProblem = {
  status: 404,
  code: 'gateway.not-found',
  title: 'There is nothing here.',
  detail: 'The page is served at /, the API under /v1.',
};

export const NOT_ONE_HOST: GatewayProblem = {
  status: 400,
  code: 'gateway.not-one-host',
  title: 'The request must name one host.',
  detail: 'Send one Host header.',
};

export const NO_PAGE: GatewayProblem = {
  status: 404,
  code: 'gateway.no-page',
  title: 'The page was not built.',
  detail: 'npm start builds it; the API works without it.',
};

export const WRONG_METHOD: GatewayProblem = {
  status: 405,
  code: 'gateway.method',
  title: 'Pages can only be read.',
  detail: 'Use GET or HEAD; calls that change something live under /v1.',
};

const RETRY_AFTER_SECONDS = '1';

/** The problem as RFC 9457 JSON text. */
export function problemText(problem: GatewayProblem): string {
  return JSON.stringify({ type: 'about:blank', ...problem });
}

/** Answers with a problem, or ends the connection when the answer had begun already. */
export function answerProblem(response: ServerResponse, problem: GatewayProblem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(problem.status >= 500 ? { 'retry-after': RETRY_AFTER_SECONDS } : {}),
  });
  response.end(problemText(problem));
}
