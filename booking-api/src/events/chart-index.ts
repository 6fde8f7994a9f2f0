import {
  type Chart,
  type Quote,
  type Section,
  seatCategories,
  seatLabels,
} from '@holdfast/db/model';
import { type EncodedBody, encodedBody } from '../edge/encoded-body.ts';

/** A chart made ready for requests: labels to indexes and back, prices, and its text for callers. */
export type ChartIndex = {
  readonly hash: string;
  readonly sections: readonly Section[];
  readonly seatCount: number;
  readonly body: EncodedBody;
  labelOf(seat: number): string;
  /** The indexes of labels in their order, and which of them the chart does not know. */
  resolve(labels: readonly string[]): Resolved;
  /** What these seats cost, for a hold record. */
  quote(seats: readonly number[]): Quote;
};

export type Resolved = {
  readonly seats: readonly number[];
  /** Places in the list of labels. */
  readonly unknown: readonly number[];
  /** Places of labels that stood in the list before. */
  readonly repeated: readonly number[];
};

const CHART_QUALITY = 9;

export function indexChart(hash: string, text: string, chart: Chart): ChartIndex {
  const labels = seatLabels(chart);
  const indexes = new Map(labels.map((label, seat) => [label, seat]));
  const categories = seatCategories(chart);
  const priceOf = (seat: number): number => chart.categories[categories[seat] ?? 0]?.price ?? 0;
  return {
    hash,
    sections: chart.sections,
    seatCount: chart.seatCount,
    body: encodedBody({
      type: 'application/json; charset=utf-8',
      tag: hash,
      plain: Buffer.from(text),
      quality: CHART_QUALITY,
    }),
    labelOf: (seat) => labels[seat] ?? `#${seat}`,
    resolve: (wanted) => resolve(indexes, wanted),
    quote: (seats) => ({
      currency: chart.currency,
      priceVersion: hash,
      amounts: seats.map(priceOf),
    }),
  };
}

function resolve(indexes: ReadonlyMap<string, number>, labels: readonly string[]): Resolved {
  const seats = new Set<number>();
  const unknown: number[] = [];
  const repeated: number[] = [];
  for (const [at, label] of labels.entries()) {
    const seat = indexes.get(label);
    if (seat === undefined) unknown.push(at);
    else if (seats.has(seat)) repeated.push(at);
    else seats.add(seat);
  }
  return { seats: [...seats].sort((a, b) => a - b), unknown, repeated };
}
