import { ChartError } from './chart-error.ts';
import { CHART_SEATS_MAX } from './limits.ts';

/** Counts the seats of a plan before they are made, so that no plan can ask for more than may be. */
export class SeatBudget {
  #left = CHART_SEATS_MAX;

  /** Throws `ChartError` naming the place that went over the limit. */
  take(seats: number, place: string): void {
    this.#left -= seats;
    if (this.#left >= 0) return;
    const message = `with this the plan has more than ${CHART_SEATS_MAX} seats; split it into several plans`;
    throw new ChartError('chart.limit', place, message);
  }
}
