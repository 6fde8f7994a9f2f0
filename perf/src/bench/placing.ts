import {
  type EventId,
  type HoldId,
  type HoldStore,
  holdId,
  ownerId,
  type PlaceCommand,
} from '@holdfast/db/model';

const ID_DIGITS = 22;

/** The hold id that stands for a number: benchmarks name holds, so that they can be looked up. */
export function numberedHold(event: EventId, number: number): HoldId {
  return holdId(`${event}.${`${number}`.padStart(ID_DIGITS, '0')}`);
}

/** One seat for shopper `number`, as an API would ask for it. */
export function placeCommand(
  event: EventId,
  number: number,
  { seat, chartHash }: { readonly seat: number; readonly chartHash: string },
): PlaceCommand {
  return {
    holdId: numberedHold(event, number),
    owner: ownerId(`bench-${number}`),
    seats: [seat],
    quote: { currency: 'EUR', priceVersion: chartHash, amounts: [4_500] },
    chartHash,
    idemField: '',
    bodyHash: '',
    addressHash: '',
    trail: { actor: 'test', reason: 'place', requestId: `bench-${number}`, traceId: '' },
  };
}

/** Runs `count` tasks with at most `atOnce` of them under way. */
export async function inFlight(
  count: number,
  atOnce: number,
  task: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) await task(number);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
}

/** Opens an event in Redis without a worker. */
export async function openEvent(
  store: HoldStore,
  show: Parameters<HoldStore['loadBegin']>[1] & { readonly id: EventId },
): Promise<void> {
  const { id, ...source } = show;
  const begun = await store.loadBegin(id, source);
  const ended = await store.loadEnd(id, { token: source.token });
  if (begun.outcome !== 'begun' || ended.outcome !== 'opened') {
    throw new Error(`event ${id} could not be opened: ${begun.outcome}, ${ended.outcome}`);
  }
}
