/** The door of the charts: plans in, built charts and their text out. */
export { ChartError, type ChartErrorCode } from './chart-error.ts';
export { CHART_HASH_PATTERN, chartHash, chartText, parseChart } from './chart-text.ts';
