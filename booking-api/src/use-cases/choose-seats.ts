import { type Refusal, refuse } from '../edge/refusal.ts';
import type { OpenEvent } from './open-event.ts';

/** Labels as seat indexes, ascending. `list` is the key of the body that they came in. */
export function chooseSeats(
  open: OpenEvent,
  labels: readonly string[],
  list: string,
): { readonly kind: 'chosen'; readonly seats: readonly number[] } | Refusal {
  const { seats, unknown, repeated } = open.chart.resolve(labels);
  if (unknown.length > 0) {
    return refuse('seats.unknown', `${unknown.length} of these seats are not in the chart.`, {
      errors: unknown.map((at) => ({ path: `${list}[${at}]`, detail: 'no such seat' })),
    });
  }
  if (repeated.length > 0) {
    return refuse('request.invalid', 'A seat was named twice.', {
      errors: repeated.map((at) => ({ path: `${list}[${at}]`, detail: 'named before' })),
    });
  }
  return { kind: 'chosen', seats };
}

/** Labels mean seats only on the chart that the caller has seen. */
export function refuseOtherChart(open: OpenEvent, chartHash: string): Refusal | null {
  if (chartHash === open.document.chartHash) return null;
  return refuse('chart.changed', 'The seats were chosen on another seating plan.');
}
