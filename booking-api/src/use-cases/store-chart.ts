import { ChartError } from '@holdfast/db/charts';
import type { Chart } from '@holdfast/db/model';
import { type Refusal, refuse } from '../edge/refusal.ts';
import type { OperatorParts } from './operator-parts.ts';

export type StoredChart = {
  readonly kind: 'stored';
  readonly hash: string;
  readonly seatCount: number;
};

/** Stores a chart under its hash after all its rules were checked; nothing of a wrong one is kept. */
export async function storeChart(
  { catalogue }: OperatorParts,
  chart: Chart,
): Promise<StoredChart | Refusal> {
  try {
    const { hash } = await catalogue.storeChart(chart);
    return { kind: 'stored', hash, seatCount: chart.seatCount };
  } catch (error) {
    if (!(error instanceof ChartError)) throw error;
    return refuse('chart.invalid', 'The chart breaks a rule of seating plans.', {
      errors: [{ path: error.place, detail: error.message }],
    });
  }
}
