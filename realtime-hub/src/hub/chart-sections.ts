import type { Catalogue } from '@holdfast/db/catalogue';
import { SECTION_SEATS_MAX } from '@holdfast/db/model';
import { z } from 'zod';
import { SECTIONS_MAX } from '../protocol/limits.ts';
import type { SectionRange } from '../viewer/seat-picture.ts';

/** The section ranges of a chart; null when there is no such chart. */
export type ChartSections = (chartHash: string) => Promise<readonly SectionRange[] | null>;

const CHARTS_KEPT_MAX = 50;

/**
 * All that a hub needs of a chart. The catalogue proved the text against its hash and the importer
 * checked every seat, so the seats are skipped here: reading them again takes a second on a stadium,
 * in which no frame would leave.
 */
const chartRanges = z.object({
  sections: z
    .array(z.object({ start: z.int().min(0), seatCount: z.int().min(0).max(SECTION_SEATS_MAX) }))
    .max(SECTIONS_MAX),
});

/** Reads each chart once, however many ask at a time: it never changes under its hash. */
export function createChartSections(catalogue: Pick<Catalogue, 'readChartText'>): ChartSections {
  const kept = new Map<string, Promise<readonly SectionRange[] | null>>();
  return async (chartHash) => {
    const known = kept.get(chartHash);
    if (known !== undefined) return await known;
    const [oldest] = kept.keys();
    if (kept.size >= CHARTS_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    const reading = readRanges(catalogue, chartHash);
    kept.set(chartHash, reading);
    try {
      const ranges = await reading;
      if (ranges === null) kept.delete(chartHash);
      return ranges;
    } catch (error) {
      kept.delete(chartHash);
      throw error;
    }
  };
}

async function readRanges(
  catalogue: Pick<Catalogue, 'readChartText'>,
  chartHash: string,
): Promise<readonly SectionRange[] | null> {
  const text = await catalogue.readChartText(chartHash);
  if (text === null) return null;
  const chart: unknown = JSON.parse(text);
  return chartRanges.parse(chart).sections;
}
