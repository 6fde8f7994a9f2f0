import { createApiClient } from '@holdfast/booking-api/contract';
import { eventId } from '@holdfast/db/model';
import { createManualAmbient, type ManualAmbient } from '@holdfast/infra/testing';
import { Basket } from '../src/shop/basket.ts';
import type { BasketMessage } from '../src/shop/basket-message.ts';
import { createHoldCalls } from '../src/shop/hold-calls.ts';
import { createSessionKeeper, type SessionKeeper } from '../src/shop/session.ts';
import { PretendServer } from './pretend-server.ts';

/** A basket on the page's real calls, with a pretended server and a clock that stands still. */
export type BasketKit = {
  readonly basket: Basket;
  readonly server: PretendServer;
  readonly ambient: ManualAmbient;
  readonly session: SessionKeeper;
  readonly messages: BasketMessage[];
  /** Lets everything that is under way come to its end. */
  rest(): Promise<void>;
};

export const MAX_SEATS = 4;
/** Longer than all attempts of a call together. */
const REST_MS = 120_000;

export async function basketKit(seed?: number): Promise<BasketKit> {
  const ambient = createManualAmbient(seed === undefined ? {} : { seed });
  const server = new PretendServer(() => ambient.clock.monotonicMs());
  const api = createApiClient({ fetch: server.fetch, baseUrl: '', token: () => session.token });
  const kept = new Map<string, string>();
  const session: SessionKeeper = createSessionKeeper({
    storage: () => ({
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => kept.set(name, value),
    }),
    request: () => api.call('createSession', {}),
    oneTabAtATime: (task) => task(),
    clock: ambient.clock,
  });
  const messages: BasketMessage[] = [];
  const basket = new Basket({
    calls: createHoldCalls({
      api,
      session,
      ambient,
      event: eventId('hall'),
      chartHash: '0123456789abcdef',
    }),
    timers: ambient.timers,
    maxSeats: MAX_SEATS,
    listener: { changed: () => undefined, message: (message) => messages.push(message) },
  });
  await session.ensure();
  server.requests.length = 0;
  const rest = () => ambient.advance(REST_MS);
  return { basket, server, ambient, session, messages, rest };
}
