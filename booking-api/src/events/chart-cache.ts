import type { Catalogue } from '@holdfast/db/catalogue';
import { parseChart } from '@holdfast/db/charts';
import { type ChartIndex, indexChart } from './chart-index.ts';

/** Charts by hash, read once and kept: under its hash a chart never changes. */
export type ChartCache = {
  /** Null when the catalogue has no such chart. */
  read(hash: string): Promise<ChartIndex | null>;
};

/** Large ones take some ten megabytes each. */
const CHARTS_KEPT_MAX = 20;

export function createChartCache(catalogue: Catalogue): ChartCache {
  const kept = new Map<string, Promise<ChartIndex | null>>();
  return {
    read: async (hash) => {
      const known = kept.get(hash);
      if (known !== undefined) {
        // Moved to the end: the map's order is the order of last use.
        kept.delete(hash);
        kept.set(hash, known);
        return known;
      }
      const fresh = load(catalogue, hash);
      kept.set(hash, fresh);
      const [oldest] = kept.keys();
      if (kept.size > CHARTS_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      try {
        const chart = await fresh;
        if (chart === null) kept.delete(hash);
        return chart;
      } catch (error) {
        kept.delete(hash);
        throw error;
      }
    },
  };
}

async function load(catalogue: Catalogue, hash: string): Promise<ChartIndex | null> {
  const text = await catalogue.readChartText(hash);
  return text === null ? null : indexChart(hash, text, parseChart(text));
}
