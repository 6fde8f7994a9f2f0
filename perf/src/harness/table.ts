import type { Measure } from './figure.ts';
import type { Ratio } from './ratio.ts';
import type { FigureEnd } from './run-figure.ts';

/** A figure's end as a person reads it: numbers, ratios, checks, notes; one line each. */
export function tableOf(end: FigureEnd): string {
  const seconds = (end.tookMs / 1_000).toFixed(0);
  const lines = [`${end.title}  [${end.name}, ${seconds} s]`];
  if (end.outcome === 'broken') return [...lines, `  BROKEN: ${end.why}`].join('\n');
  const { measures, ratios, checks, notes } = end.result;
  const width = Math.max(0, ...[...measures, ...ratios].map(({ label }) => label.length));
  for (const measure of measures)
    lines.push(`  ${measure.label.padEnd(width)}  ${shownValue(measure)}`);
  for (const ratio of ratios) lines.push(`  ${ratio.label.padEnd(width)}  ${ratioText(ratio)}`);
  for (const check of checks) lines.push(`  ${check.passed ? 'ok    ' : 'FAILED'}  ${check.what}`);
  for (const note of notes) lines.push(`  - ${note}`);
  return lines.join('\n');
}

function shownValue({ value, unit, low, high }: Measure): string {
  const range =
    low === undefined || high === undefined ? '' : `  (${number(low)} to ${number(high)})`;
  return `${number(value)} ${unit}${range}`;
}

function ratioText(ratio: Ratio): string {
  if (ratio.kind === 'withheld') return `no ratio: ${ratio.why}`;
  const { median, min, max } = ratio.of;
  return `${number(median)} x  (${number(min)} to ${number(max)})`;
}

const DIGITS = 3;

/** Three significant digits, whole numbers from a hundred on. */
export function number(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) {
    return Math.round(value).toLocaleString('en');
  }
  return `${Number(value.toPrecision(DIGITS))}`;
}
