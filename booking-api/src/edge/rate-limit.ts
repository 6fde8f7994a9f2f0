import type { OwnerId, Timers } from '@holdfast/db/model';
import type { RedisConnection } from '@holdfast/db/redis';
import { type Logger, networkOf, withinLimit } from '@holdfast/infra/runtime';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RATE_LIMIT_HEADER, RATE_LIMIT_POLICY_HEADER, type RouteClass } from '../contract/door.ts';
import { sha256 } from './idempotency.ts';
import { RETRY_SOON_MS } from './refusal.ts';

/**
 * Budgets of requests, kept in Redis so that all APIs share them. Changes of holds are a class of
 * their own: an address has one budget for them and one for all else, so that a neighbour who only
 * reads cannot keep anybody from holding, and each owner has one on top. Keys are hashes; they name
 * nobody and live for one window.
 *
 * When Redis does not answer, reads go on without a budget, since they are served from memory;
 * everything that would change something is refused, because otherwise a flood could ride on an outage.
 */
export interface RequestLimiter {
  spend(request: {
    readonly class: RouteClass;
    readonly address: string;
    readonly owner: OwnerId | null;
  }): Promise<Spent>;
}

export type Spent = {
  readonly verdict: 'granted' | 'limited' | 'unknown';
  readonly retryAfterMs: number;
  /** Of the draft "RateLimit header fields for HTTP". */
  readonly headers: Readonly<Record<string, string>>;
};

export type RequestRates = {
  /** Of each class. */
  readonly addressPerSecond: number;
  /** Changes of holds by one owner. */
  readonly ownerPerSecond: number;
};

type Budget = {
  readonly name: string;
  readonly perWindow: number;
  readonly store: RateLimiterRedis;
};
type Draw = {
  readonly budget: Budget;
  readonly left: RateLimiterRes | null;
  readonly over: boolean;
};

const WINDOW_SECONDS = 1;
/** A silent Redis must not hold up reads that are served from memory. */
const SPEND_LIMIT_MS = 250;
const SECOND_MS = 1_000;
const KEY_DIGITS = 32;

export function createRequestLimiter(parts: {
  readonly redis: RedisConnection;
  readonly rates: RequestRates;
  readonly timers: Timers;
  readonly logger: Logger;
}): RequestLimiter {
  const budget = (name: string, perWindow: number): Budget => ({
    name,
    perWindow,
    store: new RateLimiterRedis({
      storeClient: parts.redis,
      keyPrefix: `rate:${name}`,
      points: perWindow,
      duration: WINDOW_SECONDS,
      // Who is over the budget is refused from memory until the window ends.
      inMemoryBlockOnConsumed: perWindow + 1,
    }),
  });
  const address = budget('address', parts.rates.addressPerSecond);
  const addressHolds = budget('address-holds', parts.rates.addressPerSecond);
  const owner = budget('owner', parts.rates.ownerPerSecond);
  return {
    spend: async (request) => {
      const isHold = request.class === 'hold';
      const draws = [draw(isHold ? addressHolds : address, networkOf(request.address))];
      if (isHold && request.owner !== null) draws.push(draw(owner, request.owner));
      try {
        const drawn = await withinLimit(parts.timers, SPEND_LIMIT_MS, Promise.all(draws));
        if (drawn.late) throw new Error(`no answer within ${SPEND_LIMIT_MS} ms`);
        return sum(drawn.value);
      } catch (error) {
        parts.logger.warn({ err: error }, 'request budgets cannot be read');
        const isRead = request.class === 'read';
        return {
          verdict: isRead ? 'granted' : 'unknown',
          retryAfterMs: RETRY_SOON_MS,
          headers: {},
        };
      }
    },
  };
}

async function draw(budget: Budget, key: string): Promise<Draw> {
  try {
    const left = await budget.store.consume(sha256(key).slice(0, KEY_DIGITS));
    return { budget, left, over: false };
  } catch (rejection) {
    // The library rejects with its result when the budget is spent, and with an Error when it failed.
    if (rejection instanceof RateLimiterRes) return { budget, left: rejection, over: true };
    throw rejection;
  }
}

function sum(draws: readonly Draw[]): Spent {
  const seconds = (draw: Draw): number => Math.ceil((draw.left?.msBeforeNext ?? 0) / SECOND_MS);
  const waits = draws.filter((draw) => draw.over).map((draw) => draw.left?.msBeforeNext ?? 0);
  return {
    verdict: waits.length > 0 ? 'limited' : 'granted',
    retryAfterMs: Math.max(0, ...waits),
    headers: {
      [RATE_LIMIT_POLICY_HEADER]: draws
        .map(({ budget }) => `"${budget.name}";q=${budget.perWindow};w=${WINDOW_SECONDS}`)
        .join(', '),
      [RATE_LIMIT_HEADER]: draws
        .map((one) => `"${one.budget.name}";r=${one.left?.remainingPoints ?? 0};t=${seconds(one)}`)
        .join(', '),
    },
  };
}
