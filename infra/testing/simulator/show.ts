import type { Chart, EventId, Policy } from '@holdfast/db/model';

/** The event of an episode, as people know it. */
export type Show = {
  readonly event: EventId;
  readonly chart: Chart;
  readonly chartHash: string;
  readonly policy: Policy;
  /** Label of each seat by index. */
  readonly labels: readonly string[];
  seatOf(label: string): number;
};
