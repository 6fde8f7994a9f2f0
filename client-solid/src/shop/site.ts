import type { ApiClient, Event as EventAnswer, Problem } from '@holdfast/booking-api/contract';
import { type Ambient, type Chart, type EventId, eventId } from '@holdfast/db/model';
import type { OtherTabs } from './other-tabs.ts';
import type { SessionKeeper } from './session.ts';

/** What every page of this site stands on; made once, by `main.tsx`. */
export type Site = {
  /** Calls as the shopper of this session. */
  readonly api: ApiClient;
  /** Calls that need nobody: what everybody may read must not fail with an old token. */
  readonly anonymous: ApiClient;
  readonly session: SessionKeeper;
  readonly ambient: Ambient;
  readonly tabs: OtherTabs;
};

export type Loaded<T> =
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'unreachable' };

/** An event as the API tells it; `Show`, because the browser has events of its own. */
export type Show = Omit<EventAnswer, 'id'> & { readonly id: EventId };

export type ShowWithChart = { readonly show: Show; readonly chart: Chart };

export async function loadShows({ anonymous }: Site): Promise<Loaded<readonly Show[]>> {
  const result = await anonymous.call('listEvents', {});
  if (result.kind === 'refused') return { kind: 'refused', problem: result.problem };
  if (result.kind === 'unreachable') return { kind: 'unreachable' };
  return { kind: 'loaded', value: result.body.events.map(showOf) };
}

/** The event, then its chart by hash, which the browser's cache keeps for ever. */
export async function loadShow({ anonymous }: Site, id: EventId): Promise<Loaded<ShowWithChart>> {
  const read = await anonymous.call('readEvent', { params: { event: id } });
  if (read.kind === 'refused') return { kind: 'refused', problem: read.problem };
  if (read.kind === 'unreachable' || read.body === null) return { kind: 'unreachable' };
  const show = showOf(read.body);
  const query = { hash: show.chartHash };
  const drawn = await anonymous.call('readChart', { params: { event: id }, query });
  if (drawn.kind === 'refused') return { kind: 'refused', problem: drawn.problem };
  if (drawn.kind === 'unreachable' || drawn.body === null) return { kind: 'unreachable' };
  // The contract's schema and the model's type differ only in optional keys, and JSON has no undefined.
  const chart = drawn.body as Chart;
  return { kind: 'loaded', value: { show, chart } };
}

function showOf(event: EventAnswer): Show {
  return { ...event, id: eventId(event.id) };
}
