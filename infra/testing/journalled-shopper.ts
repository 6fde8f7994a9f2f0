import type { ApiClient, ApiResult, Hold } from '@holdfast/booking-api/contract';
import type { Journal, JournalEntry, Unsettled } from '@holdfast/db/audit';
import { type EventId, holdId, isLive } from '@holdfast/db/model';

/** What a shopper's call came to: how the hold stands, or the code of the refusal. */
export type ShopperOutcome = string;

/**
 * A shopper that writes down everything it is told, as the audit wants it (`db/audit` journals),
 * and keeps its basket as it was last told. It never repeats a call by itself.
 */
export type JournalledShopper = {
  readonly journal: Journal;
  /** The live hold as last told; the clock of this process plays no part in it. */
  readonly basket: Hold | null;
  place(seats: readonly string[], idempotencyKey?: string): Promise<ShopperOutcome>;
  amend(change: { readonly add?: string[]; readonly drop?: string[] }): Promise<ShopperOutcome>;
  extend(): Promise<ShopperOutcome>;
  release(): Promise<ShopperOutcome>;
  /** Reads the hold it was last told of, also after its end. */
  look(): Promise<ShopperOutcome>;
};

export type ShopperParts = {
  readonly name: string;
  readonly api: ApiClient;
  readonly event: EventId;
  readonly chartHash: string;
  readonly seatOf: (label: string) => number;
};

/** The gateway lost the server that was at work: nobody knows whether it was done. */
const UNANSWERED: readonly string[] = ['gateway.broken-answer', 'gateway.late-answer'];

type HoldAnswer =
  | ApiResult<'placeHold'>
  | ApiResult<'amendHold'>
  | ApiResult<'extendHold'>
  | ApiResult<'releaseHold'>
  | ApiResult<'readHold'>;

export function createJournalledShopper(parts: ShopperParts): JournalledShopper {
  const { api, event, chartHash } = parts;
  const entries: JournalEntry[] = [];
  let basket: Hold | null = null;

  const tell = (hold: Hold): void => {
    entries.push(entryOf(hold, parts.seatOf));
    const known = basket !== null && basket.id === hold.id ? basket.rev : 0;
    if (isLive(hold.status)) basket = hold.rev >= known ? hold : basket;
    else if (basket?.id === hold.id) basket = null;
  };
  /** The answer names no time: nothing is claimed beyond what was known before the question. */
  const forget = (asked: Hold): void => {
    entries.push({ ...unsettled(asked), kind: 'ended', how: 'lost' });
    if (basket?.id === asked.id) basket = null;
  };
  const settle = (answer: HoldAnswer, asked: Hold | null): ShopperOutcome => {
    if (answer.kind === 'done' && answer.body.status !== 'pending') {
      tell(answer.body);
      return `${answer.body.status}`;
    }
    if (answer.kind === 'refused') {
      const { code, hold } = answer.problem;
      if (hold !== undefined) tell(hold);
      else if (code === 'hold.unknown' && asked !== null) forget(asked);
      else if (UNANSWERED.includes(code) && asked !== null) entries.push(unsettled(asked));
      return code;
    }
    if (asked !== null) entries.push(unsettled(asked));
    return answer.kind === 'done' ? 'pending' : 'unreachable';
  };
  const of = (hold: Hold) => ({ params: { event, hold: hold.id } });
  const withBasket = async (call: (hold: Hold) => Promise<HoldAnswer>): Promise<ShopperOutcome> => {
    const asked = basket;
    return asked === null ? 'no basket' : settle(await call(asked), asked);
  };

  return {
    journal: { client: parts.name, entries },
    get basket() {
      return basket;
    },
    place: async (seats, idempotencyKey) => {
      const body = { seats: [...seats], chartHash };
      const key = idempotencyKey === undefined ? {} : { idempotencyKey };
      return settle(await api.call('placeHold', { params: { event }, body, ...key }), null);
    },
    amend: ({ add, drop }) =>
      withBasket((hold) => {
        const change = { ...(add ? { add } : {}), ...(drop ? { drop } : {}) };
        return api.call('amendHold', {
          ...of(hold),
          body: { rev: hold.rev, chartHash, ...change },
        });
      }),
    extend: () =>
      withBasket((hold) => api.call('extendHold', { ...of(hold), body: { rev: hold.rev } })),
    release: () => withBasket((hold) => api.call('releaseHold', of(hold))),
    look: () => withBasket((hold) => api.call('readHold', of(hold))),
  };
}

function entryOf(hold: Hold, seatOf: (label: string) => number): JournalEntry {
  const atMs = Date.parse(hold.at);
  const id = holdId(hold.id);
  if (hold.status !== 'held' && hold.status !== 'confirming') {
    return { kind: 'ended', hold: id, how: hold.status, atMs };
  }
  const deadlineMs = Date.parse(hold.deadline);
  const { position } = hold;
  return { kind: 'held', hold: id, seats: hold.seats.map(seatOf), deadlineMs, atMs, position };
}

function unsettled(asked: Hold): Unsettled {
  return { kind: 'unsettled', hold: holdId(asked.id), atMs: Date.parse(asked.at) };
}
