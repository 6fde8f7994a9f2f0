import type { Catalogue } from '@holdfast/db/catalogue';
import { parseChart } from '@holdfast/db/charts';
import { type EventDocument, type EventId, seatLabels } from '@holdfast/db/model';
import { TraceError } from './trace-error.ts';

/** Labels of an event's seats in index order; empty where the catalogue has no chart of it. */
export async function labelsOf(catalogue: Catalogue, event: EventDocument): Promise<string[]> {
  const text = await catalogue.readChartText(event.chartHash);
  return text === null ? [] : seatLabels(parseChart(text));
}

export type FoundSeat = { readonly event: EventId; readonly seat: number };

/** The one seat of this label; throws `TraceError` where there is none or more than one. */
export async function findSeat(
  catalogue: Catalogue,
  label: string,
  event: EventId | null,
): Promise<FoundSeat> {
  const events = await catalogue.listEvents();
  const asked = event === null ? events : events.filter(({ id }) => id === event);
  const ids = (list: readonly { readonly id: EventId }[]): string =>
    list.map(({ id }) => id).join(', ');
  if (event !== null && asked.length === 0) {
    throw new TraceError(
      'trace.unknown-event',
      `The catalogue has no event ${event}; it has ${ids(events) || 'none'}.`,
    );
  }
  const found: (FoundSeat & { readonly id: EventId })[] = [];
  for (const one of asked) {
    const seat = (await labelsOf(catalogue, one)).indexOf(label);
    if (seat >= 0) found.push({ id: one.id, event: one.id, seat });
  }
  const [first, ...more] = found;
  if (first === undefined) {
    throw new TraceError(
      'trace.unknown-seat',
      `No seat is labelled "${label}" at ${ids(asked) || 'any event'}; a hold id looks like <event>.<22 characters>.`,
    );
  }
  if (more.length > 0) {
    throw new TraceError(
      'trace.unknown-seat',
      `Several events have a seat "${label}": add --event with one of ${ids(found)}.`,
    );
  }
  return first;
}
