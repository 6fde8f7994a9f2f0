import type { z } from 'zod';
import type { ProblemCode } from './problem-codes.ts';

/**
 * Who may call. `open`: anybody; a token is not looked at. `optional`: anybody, but a token that is
 * sent must be good (operators see drafts). `operator`: to everybody else the address does not exist.
 */
export type Access = 'open' | 'optional' | 'shopper' | 'operator';

/** What a budget of requests is shared with: see the rate limits of the service. */
export type RouteClass = 'read' | 'hold' | 'session' | 'operator';

export type RequestHeader = 'If-Match' | 'If-None-Match' | 'Idempotency-Key';

export type Answer = {
  readonly description: string;
  /** Absent where the body is empty or, with `media`, not JSON. */
  readonly schema?: z.ZodType;
  readonly media?: string;
  readonly headers?: readonly string[];
};

export type Route = {
  readonly summary: string;
  readonly access: Access;
  readonly class: RouteClass;
  readonly query?: Readonly<Record<string, z.ZodType>>;
  readonly requestHeaders?: readonly RequestHeader[];
  readonly body?: z.ZodType;
  /** Absent: `BODY_BYTES_MAX`. */
  readonly bodyBytesMax?: number;
  /** By HTTP status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Refusals of its own; those that any such route may meet come on top (`problemsOf`). */
  readonly problems: readonly ProblemCode[];
};
