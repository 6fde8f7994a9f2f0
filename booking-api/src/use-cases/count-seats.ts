import { type EventId, SEAT_STATE_NAMES, seatState } from '@holdfast/db/model';
import type { Stats } from '../contract/door.ts';
import type { Refusal } from '../edge/refusal.ts';
import type { HoldParts } from './hold-parts.ts';
import { loadingEvent, openEvent } from './open-event.ts';

type Counts = Stats['seats'];

/** Counts the seats of an event by state, from this process's own map. */
export async function countSeats(
  parts: HoldParts,
  event: EventId,
): Promise<{ readonly kind: 'stats'; readonly stats: Stats } | Refusal> {
  const open = await openEvent(parts, event, { seesDrafts: true });
  if (open.kind === 'refused') return open;
  const view = await parts.reader.project(event);
  if (view === null || view.chartHash !== open.chart.hash) return loadingEvent(parts, event);
  const total = noSeats();
  const sections = open.chart.sections.map(({ id, start, seatCount }) => {
    const counts = noSeats();
    for (let seat = start; seat < start + seatCount; seat += 1) {
      const name = SEAT_STATE_NAMES[seatState(view.map[seat] ?? 0)];
      counts[name] += 1;
      total[name] += 1;
    }
    return { id, ...counts };
  });
  const position = { ...view.position };
  return {
    kind: 'stats',
    stats: { event, sale: open.document.sale, seats: total, sections, position },
  };
}

function noSeats(): Counts {
  return { available: 0, held: 0, booked: 0, blocked: 0 };
}
