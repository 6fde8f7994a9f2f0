import { createHash } from 'node:crypto';
import type { Chart } from '@holdfast/db/model';
import { ChartError } from './chart-error.ts';
import { checkChart } from './chart-rules.ts';
import { asChart, chartSchema } from './chart-schema.ts';
import { placeOf } from './place.ts';

/**
 * A chart is stored as text under the hash of that text and never changed. The text is JSON with the
 * keys in the order of the schema, so equal charts have equal text whoever built them.
 */

/** 32 hex digits. */
export const CHART_HASH_PATTERN = /^[0-9a-f]{32}$/;

const HASH_DIGITS = 32;

/** The text a chart is stored as. Throws `ChartError` when the chart breaks a rule. */
export function chartText(chart: Chart): string {
  return JSON.stringify(validChart(chart));
}

/** First 32 hex digits of the text's SHA-256. */
export function chartHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, HASH_DIGITS);
}

/** Reads stored text back, checking shape and rules. Throws `ChartError`. */
export function parseChart(text: string): Chart {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ChartError('chart.json', '', 'the stored chart is not JSON', { cause });
  }
  return validChart(value);
}

function validChart(value: unknown): Chart {
  const parsed = chartSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ChartError(
      'chart.invalid',
      placeOf(issue?.path ?? []),
      issue?.message ?? 'not a chart',
    );
  }
  const chart = asChart(parsed.data);
  checkChart(chart);
  return chart;
}
