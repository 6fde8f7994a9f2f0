import { type ApiClient, createApiClient } from '@holdfast/booking-api/contract';
import { parseChart } from '@holdfast/db/charts';
import { type EventId, isEventId } from '@holdfast/db/model';
import { z } from 'zod';
import { CROWD_MAX } from '../../runtime/config/settings-table.ts';
import type { ReadyMessage } from '../../runtime/lifecycle/service.ts';
import { realAmbient } from '../../runtime/real-ambient.ts';
import { createRequestBudget } from './request-budget.ts';
import { type SeatRows, seatRows } from './seat-rows.ts';
import { shop } from './shopper.ts';

/**
 * A crowd of simulated shoppers as a process of the local stack. It goes through the gateway like
 * everybody else, only ever on this machine, with a bounded count and rate, and leaves when the
 * launcher does.
 */
const plan = z
  .object({
    baseUrl: z.url().refine((url) => ['localhost', '127.0.0.1'].includes(new URL(url).hostname)),
    count: z.number().int().min(1).max(CROWD_MAX),
  })
  .parse(JSON.parse(process.argv[2] ?? 'null'));

const REQUESTS_PER_SECOND_MAX = 150;
const SALE_LOOK_MS = 2_000;

async function eventsOnSale(api: ApiClient): Promise<ReadonlyMap<EventId, SeatRows>> {
  const events = new Map<EventId, SeatRows>();
  const list = await api.call('listEvents', {});
  if (list.kind !== 'done') return events;
  for (const event of list.body.events) {
    if (event.sale !== 'open' || !isEventId(event.id)) continue;
    const chart = await api.call('readChart', { params: { event: event.id } });
    if (chart.kind !== 'done' || chart.status !== 200) continue;
    events.set(event.id, seatRows(parseChart(JSON.stringify(chart.body)), event.chartHash));
  }
  return events;
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
process.on('disconnect', () => process.exit(0));

const ambient = realAmbient();
const api = createApiClient({ fetch, baseUrl: plan.baseUrl, token: () => null });
let events = await eventsOnSale(api);
while (events.size === 0) {
  await new Promise((resolve) => setTimeout(resolve, SALE_LOOK_MS));
  events = await eventsOnSale(api);
}
const ready: ReadyMessage = { ready: true, port: 0, adminPort: 0 };
process.send?.(ready, undefined, undefined, () => undefined);
const budget = createRequestBudget(REQUESTS_PER_SECOND_MAX, ambient);
const mall = {
  baseUrl: plan.baseUrl,
  events,
  ambient,
  budget,
  signal: new AbortController().signal,
};
await Promise.all(Array.from({ length: plan.count }, () => shop(mall)));
