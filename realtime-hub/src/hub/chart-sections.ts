import type { Catalogue } from '@holdfast/db/catalogue';
import { parseChart } from '@holdfast/db/charts';
import type { SectionRange } from '../viewer/seat-picture.ts';

/** The section ranges of a chart; null when there is no such chart. */
export type ChartSections = (chartHash: string) => Promise<readonly SectionRange[] | null>;

const CHARTS_KEPT_MAX = 50;

/** Reads the ranges from the catalogue and keeps them: a chart never changes under its hash. */
export function createChartSections(catalogue: Pick<Catalogue, 'readChartText'>): ChartSections {
  const kept = new Map<string, readonly SectionRange[]>();
  return async (chartHash) => {
    const known = kept.get(chartHash);
    if (known !== undefined) return known;
    const text = await catalogue.readChartText(chartHash);
    if (text === null) return null;
    const ranges = parseChart(text).sections.map(({ start, seatCount }) => ({ start, seatCount }));
    const [oldest] = kept.keys();
    if (kept.size >= CHARTS_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    kept.set(chartHash, ranges);
    return ranges;
  };
}
