import { fileURLToPath } from 'node:url';
import { buildPlan, chartHash, chartText, readPlanFile } from '@holdfast/db/charts';
import {
  type Chart,
  DEFAULT_POLICY,
  type EventDocument,
  eventId,
  type Policy,
} from '@holdfast/db/model';

/** The demo stadium: about 70,000 seats, the largest plan that comes with the house. */
const STADIUM_FILE = fileURLToPath(new URL('../../../db/venues/stadium.json', import.meta.url));

export type Venue = { readonly chart: Chart; readonly hash: string };

export async function readStadium(): Promise<Venue> {
  const { chart } = buildPlan(await readPlanFile(STADIUM_FILE));
  return { chart, hash: chartHash(chartText(chart)) };
}

/** A show on sale in the venue, with what a benchmark wants of the policy. */
export function showIn(venue: Venue, id: string, policy: Partial<Policy> = {}): EventDocument {
  return {
    id: eventId(id),
    name: `Benchmark ${id}`,
    venue: venue.chart.name,
    startsAt: '2040-06-01T19:30:00Z',
    chartHash: venue.hash,
    seatCount: venue.chart.seatCount,
    sale: 'open',
    policy: { ...DEFAULT_POLICY, ...policy },
    version: 1,
  };
}
