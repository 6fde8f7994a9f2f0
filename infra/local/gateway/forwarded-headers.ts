import type { IncomingMessage } from 'node:http';

/** Headers that speak of one connection only (RFC 9110 section 7.6.1), and those a client must not set. */
const DROPPED = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]);

/**
 * What no `Connection` header can take away: without its length a body would go on bare, and the
 * server behind would read it as a second request that nobody checked.
 */
const KEPT = new Set(['content-length', 'host']);

/**
 * The headers of a request as the server behind gets them, in `rawHeaders` form. Whatever a client
 * claims about proxies is dropped and the address it really has is set, so that the server can
 * believe exactly one hop.
 */
export function forwardedHeaders(request: IncomingMessage): string[] {
  const named = (request.headers.connection ?? '').toLowerCase().split(',');
  const perConnection = new Set(named.map((name) => name.trim()));
  const kept: string[] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? '';
    const lower = name.toLowerCase();
    if (DROPPED.has(lower) || (perConnection.has(lower) && !KEPT.has(lower))) continue;
    kept.push(name, request.rawHeaders[at + 1] ?? '');
  }
  kept.push('X-Forwarded-For', request.socket.remoteAddress ?? 'unknown');
  kept.push('X-Forwarded-Proto', 'http');
  return kept;
}

/** The headers of an answer without those of the connection it came over. */
export function answerHeaders(answer: IncomingMessage): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at] ?? '';
    if (!DROPPED.has(name.toLowerCase())) kept.push(name, answer.rawHeaders[at + 1] ?? '');
  }
  return kept;
}
