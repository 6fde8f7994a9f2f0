import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Chart,
  DEFAULT_POLICY,
  type EventDocument,
  eventId,
  type FeedEntry,
} from '@holdfast/db/model';

/** A folder of the test's own, gone when `drop` was called. */
export async function ownFolder(): Promise<{ folder: string; drop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-catalogue-'));
  return { folder, drop: () => rm(folder, { recursive: true, force: true }) };
}

export function showOf(chartHash: string, changes: Partial<EventDocument> = {}): EventDocument {
  return {
    id: eventId('evening-show'),
    name: 'Evening show',
    venue: 'Town hall',
    startsAt: '2027-05-01T19:30:00Z',
    chartHash,
    seatCount: 3,
    sale: 'draft',
    policy: DEFAULT_POLICY,
    version: 1,
    ...changes,
  };
}

/** Three seats in one row. */
export function smallChart(name = 'Town hall'): Chart {
  return {
    format: 'holdfast.chart/1',
    name,
    seatCount: 3,
    currency: 'GBP',
    categories: [{ name: 'Stalls', colour: '#336699', price: 4500 }],
    levels: ['Stalls'],
    focal: null,
    width: 200,
    height: 100,
    areas: [],
    sections: [
      {
        id: 'A',
        name: 'Stalls A',
        level: 0,
        start: 0,
        seatCount: 3,
        rows: [
          {
            name: '1',
            x: [50, 100, 150],
            y: [50, 50, 50],
            numbers: ['1', '2', '3'],
            category: 0,
            breaks: [],
            accessible: [],
            companion: [],
          },
        ],
      },
    ],
  };
}

/** A run of made-up feed entries with offsets `first` to `last`. */
export function feedRun(first: number, last: number): FeedEntry[] {
  const chain = (offset: number): string => offset.toString(16).padStart(16, '0');
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const offset = first + at;
    const line = `${offset}|block|blocked|${offset}:-:x||||operator||1`;
    return { offset, prev: chain(offset - 1), chain: chain(offset), line };
  });
}
