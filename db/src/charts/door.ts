/** The door of the charts: plans in, built charts and their text out. */
export { type BuildOptions, type BuiltPlan, buildPlan } from './build-plan.ts';
export { ChartError, type ChartErrorCode } from './chart-error.ts';
export { CHART_HASH_PATTERN, chartHash, chartText, parseChart } from './chart-text.ts';
export { seedDemoEvents } from './demo-events.ts';
export { CHART_SEATS_MAX, PLAN_BYTES_MAX } from './limits.ts';
export { readPlanFile } from './plan-file.ts';
