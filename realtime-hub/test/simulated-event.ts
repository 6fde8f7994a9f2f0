import {
  type Ambient,
  createModelHoldStore,
  DEFAULT_POLICY,
  type EventId,
  eventId,
  type FeedEntry,
  type ModelHoldStore,
} from '@holdfast/db/model';

/** Three sections, the last with a seat count that is no multiple of four. */
export const SECTIONS = [
  { start: 0, seatCount: 12 },
  { start: 12, seatCount: 40 },
  { start: 52, seatCount: 7 },
] as const;
export const SEAT_COUNT = 59;
export const CHART_HASH = 'c'.repeat(32);
export const EVENT: EventId = eventId('gala');

const trail = { actor: 'test', reason: 'test', requestId: '', traceId: '' } as const;

/** One open event in the reference model, with a clock that a test moves. */
export type SimulatedEvent = {
  readonly store: ModelHoldStore;
  /** Blocks or frees a seat; gives what the transition wrote. */
  flip(seat: number): Promise<{ readonly epoch: string; readonly entries: readonly FeedEntry[] }>;
  /** The seats as the store has them. */
  truth(): Promise<Uint8Array>;
  /** The store goes back to what it was at the last `remember`, as after a lost disk write. */
  remember(): void;
  goBack(): void;
};

export async function openSimulatedEvent(ambient: Pick<Ambient, 'clock'>): Promise<SimulatedEvent> {
  const store = createModelHoldStore({ nowMs: () => Math.floor(ambient.clock.wallMs()) });
  const load = { token: 'token', chartHash: CHART_HASH, seatCount: SEAT_COUNT, version: 1 };
  await store.loadBegin(EVENT, { ...load, sale: 'open', policy: DEFAULT_POLICY });
  await store.loadEnd(EVENT, { token: 'token' });
  let remembered = structuredClone(store.state(EVENT));
  const truth = async (): Promise<Uint8Array> => {
    const reply = await store.snapshot(EVENT);
    if (reply.outcome !== 'taken') throw new Error(`no snapshot: ${reply.outcome}`);
    return reply.map;
  };
  return {
    store,
    truth,
    flip: async (seat) => {
      const blocked = (await truth())[seat] !== 0;
      const command = { seats: [seat], chartHash: CHART_HASH, revokeHolds: false, trail };
      const reply = blocked
        ? await store.unblock(EVENT, command)
        : await store.block(EVENT, command);
      return { epoch: reply.position.epoch, entries: reply.entries };
    },
    remember: () => {
      remembered = structuredClone(store.state(EVENT));
    },
    goBack: () => {
      Object.assign(store.state(EVENT), structuredClone(remembered));
    },
  };
}
