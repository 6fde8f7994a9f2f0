import { type ApiClient, type CreateEvent, createApiClient } from '@holdfast/booking-api/contract';
import {
  type Chart,
  type EventId,
  eventId,
  ownerId,
  type Policy,
  seatLabels,
} from '@holdfast/db/model';
import type { TestStack } from './stack.ts';
import { until } from './until.ts';

/** An event on sale in a running stack, with what tests need of it. */
export type OpenShow = {
  readonly id: EventId;
  readonly chart: Chart;
  readonly chartHash: string;
  /** Label of each seat by index. */
  readonly labels: readonly string[];
  seatOf(label: string): number;
  /** Calls with the role `operator`, through the gateway. */
  readonly operator: ApiClient;
};

export type ShowPlan = {
  readonly id: string;
  readonly chart: Chart;
  readonly policy?: Partial<Policy>;
};

const OPERATOR_TTL_SECONDS = 3_600;

/** Creates an event by the operator's calls and opens its sale; resolves once holds are taken. */
export async function openShow(stack: TestStack, plan: ShowPlan): Promise<OpenShow> {
  const token = await stack.tokens.issue({
    subject: ownerId('operator-1'),
    role: 'operator',
    ttlSeconds: OPERATOR_TTL_SECONDS,
  });
  const operator = createApiClient({ fetch, baseUrl: stack.gatewayUrl, token: () => token });
  const created = await operator.call('createEvent', {
    body: {
      id: plan.id,
      name: 'An evening of first light',
      venue: plan.chart.name,
      startsAt: '2031-05-01T19:30:00Z',
      // The schema and the model's type differ only in arrays that may be written.
      chart: structuredClone(plan.chart) as NonNullable<CreateEvent['chart']>,
      ...(plan.policy === undefined ? {} : { policy: plan.policy }),
    },
  });
  if (created.kind !== 'done') throw new Error(`the event was not created: ${told(created)}`);
  const id = eventId(plan.id);
  // A worker loads the seats first; until then opening answers `event.loading`.
  await until(`the sale of ${plan.id} is open`, async () => {
    const sale = { params: { event: id }, body: { next: 'open' as const } };
    const opened = await operator.call('changeSale', sale);
    return opened.kind === 'done' && opened.status === 200;
  });
  const labels = seatLabels(plan.chart);
  const seats = new Map(labels.map((label, seat) => [label, seat]));
  return {
    id,
    chart: plan.chart,
    chartHash: created.body.chartHash,
    labels,
    seatOf: (label) => seats.get(label) ?? -1,
    operator,
  };
}

function told(result: { readonly kind: string }): string {
  return JSON.stringify(result, (_, value: unknown) =>
    value instanceof Error ? value.message : value,
  );
}
