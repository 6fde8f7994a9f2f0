import type { ApiClient, ApiRequest } from '@holdfast/booking-api/contract';
import { base64Url, type EventId } from '@holdfast/db/model';
import {
  callSteadily,
  type SteadyOutcome,
  type SteadyParts,
  type TimedHold,
} from './steady-call.ts';

/** The server's side of a basket, one event and chart already chosen. None of these throws. */
export type HoldCalls = {
  place(seats: readonly string[]): Promise<SteadyOutcome>;
  amend(held: TimedHold, change: SeatChange): Promise<SteadyOutcome>;
  extend(held: TimedHold): Promise<SteadyOutcome>;
  release(held: TimedHold): Promise<SteadyOutcome>;
  /** This shopper's basket at the event; null when there is none. One attempt. */
  mine(): Promise<TimedHold | null | 'unknown'>;
};

export type SeatChange = { readonly add: readonly string[]; readonly drop: readonly string[] };

export type HoldCallsParts = SteadyParts & {
  readonly api: ApiClient;
  readonly event: EventId;
  readonly chartHash: string;
};

const KEY_BYTES = 16;

export function createHoldCalls(parts: HoldCallsParts): HoldCalls {
  const { api, event, chartHash, ambient, session } = parts;
  const newKey = (): string => base64Url(ambient.random.bytes(KEY_BYTES));
  const of = (held: TimedHold) => ({ params: { event, hold: held.hold.id } });
  return {
    place(seats) {
      const body = { seats: [...seats], chartHash };
      const request = { params: { event }, body, idempotencyKey: newKey() };
      return callSteadily(parts, (signal) => api.call('placeHold', { ...request, signal }));
    },
    amend(held, { add, drop }) {
      const body: ApiRequest<'amendHold'>['body'] = {
        rev: held.hold.rev,
        chartHash,
        ...(add.length > 0 ? { add: [...add] } : {}),
        ...(drop.length > 0 ? { drop: [...drop] } : {}),
      };
      const request = { ...of(held), body, idempotencyKey: newKey() };
      return callSteadily(parts, (signal) => api.call('amendHold', { ...request, signal }));
    },
    extend(held) {
      const body = { rev: held.hold.rev };
      const request = { ...of(held), body, idempotencyKey: newKey() };
      return callSteadily(parts, (signal) => api.call('extendHold', { ...request, signal }));
    },
    release(held) {
      return callSteadily(parts, (signal) => api.call('releaseHold', { ...of(held), signal }));
    },
    async mine() {
      const token = session.token;
      const sentAtMs = ambient.clock.monotonicMs();
      const result = await api.call('listHolds', { params: { event } });
      if (result.kind === 'done') {
        const [hold] = result.body.holds;
        if (hold !== undefined) return { hold, endsAtMs: sentAtMs + hold.remainingMs };
        // Now, while nothing hangs on the token and the basket sends nothing else, it may change.
        await session.renewIfEnding();
        return null;
      }
      if (result.kind === 'refused' && result.problem.next === 'sign-in') {
        await session.replace(token);
      }
      return 'unknown';
    },
  };
}
