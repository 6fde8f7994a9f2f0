import { createApiClient } from '@holdfast/booking-api/contract';
import type { Journal } from '@holdfast/db/audit';
import { type Ambient, sleep } from '@holdfast/db/model';
import { createJournalledShopper, type JournalledShopper } from '../journalled-shopper.ts';
import type { OpenShow } from '../open-show.ts';
import type { TestStack } from '../stack.ts';
import { seededFraction } from '../test-seed.ts';
import { operateAtRandom } from './seeded-operator.ts';
import { shopAtRandom } from './seeded-shopper.ts';
import type { Tally } from './tally.ts';

export type SalePlan = {
  readonly stack: TestStack;
  readonly show: OpenShow;
  readonly shoppers: number;
  readonly durationMs: number;
  /** Happens meanwhile; the sale goes on until it is over, too. */
  readonly meanwhile?: () => Promise<void>;
  readonly seed: number;
  readonly seatsPerHoldMax: number;
  /** As in `ShoppingRules`. */
  readonly retries?: number;
  readonly ambient: Ambient;
  readonly tally: Tally;
};

/**
 * Shoppers and an operator at random for some time, over HTTP through the gateway, so that every
 * API gets its share. Resolves when nothing is under way any more, with what each was told.
 */
export async function runRandomSale(plan: SalePlan): Promise<Journal[]> {
  const { show, ambient, tally, seed } = plan;
  const over = new AbortController();
  const { signal } = over;
  const shoppers = await Promise.all(
    Array.from({ length: plan.shoppers }, (_, at) => enter(plan, `shopper-${at + 1}`)),
  );
  const shopping = shoppers.map((shopper, at) =>
    shopAtRandom({
      ...{ shopper, ambient, tally, signal },
      labels: show.labels,
      seatsPerHoldMax: plan.seatsPerHoldMax,
      ...(plan.retries === undefined ? {} : { retries: plan.retries }),
      fraction: seededFraction(seed + at),
    }),
  );
  const operating = operateAtRandom({
    ...{ show, ambient, tally, signal },
    holds: () => shoppers.flatMap(({ basket }) => (basket === null ? [] : [basket.id])),
    fraction: seededFraction(seed - 1),
  });
  try {
    await Promise.all([sleep(ambient.timers, plan.durationMs), plan.meanwhile?.()]);
  } finally {
    over.abort();
    await Promise.all(shopping);
  }
  return [...shoppers.map(({ journal }) => journal), await operating];
}

/** A shopper of its own token, which calls through the gateway. */
export async function enter(
  { stack, show }: Pick<SalePlan, 'stack' | 'show'>,
  name: string,
): Promise<JournalledShopper> {
  const api = await signIn(stack);
  const { id: event, chartHash, seatOf } = show;
  return createJournalledShopper({ name, api, event, chartHash, seatOf });
}

async function signIn(stack: TestStack) {
  const token = await shopperToken(stack);
  return createApiClient({ fetch, baseUrl: stack.gatewayUrl, token: () => token });
}

/** A fresh anonymous shopper of a running stack. */
export async function shopperToken(stack: TestStack): Promise<string> {
  const stranger = createApiClient({ fetch, baseUrl: stack.gatewayUrl, token: () => null });
  const session = await stranger.call('createSession', {});
  if (session.kind !== 'done') throw new Error(`no session: ${JSON.stringify(session)}`);
  return session.body.token;
}
