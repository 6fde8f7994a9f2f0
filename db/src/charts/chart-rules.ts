import { type Chart, type Row, SECTION_SEATS_MAX, seatLabels } from '@holdfast/db/model';
import { ChartError } from './chart-error.ts';

/**
 * The rules of a chart that a schema cannot say: sections own contiguous ranges, the arrays of a row
 * are parallel, every index points at something, everything lies in the box, labels are unique.
 * Throws `ChartError` at the first breach.
 */
export function checkChart(chart: Chart): void {
  const ids = new Set<string>();
  let next = 0;
  for (const [at, section] of chart.sections.entries()) {
    const place = `sections[${at}]`;
    if (ids.has(section.id)) {
      throw new ChartError('chart.duplicate', `${place}.id`, `"${section.id}" is used twice`);
    }
    ids.add(section.id);
    if (section.level >= chart.levels.length) refuse(`${place}.level`, 'no such level');
    if (section.start !== next) refuse(`${place}.start`, `expected ${next}`);
    const seats = section.rows.reduce((sum, row) => sum + row.numbers.length, 0);
    if (seats !== section.seatCount) refuse(`${place}.seatCount`, `its rows have ${seats} seats`);
    if (seats > SECTION_SEATS_MAX) refuse(place, `more than ${SECTION_SEATS_MAX} seats`);
    for (const [rowAt, row] of section.rows.entries()) {
      checkRow(chart, row, `${place}.rows[${rowAt}]`);
    }
    next += seats;
  }
  if (chart.seatCount !== next) refuse('seatCount', `the sections have ${next} seats`);
  checkPoints(chart);
  checkLabels(chart);
}

function checkRow(chart: Chart, row: Row, place: string): void {
  const count = row.numbers.length;
  for (const key of ['x', 'y', 'labels'] as const) {
    const length = row[key]?.length ?? count;
    if (length !== count) refuse(`${place}.${key}`, `${length} values for ${count} seats`);
  }
  if (row.x.some((x) => x > chart.width)) refuse(`${place}.x`, 'outside the chart');
  if (row.y.some((y) => y > chart.height)) refuse(`${place}.y`, 'outside the chart');
  const categories = typeof row.category === 'number' ? [row.category] : row.category;
  if (typeof row.category !== 'number' && categories.length !== count) {
    refuse(`${place}.category`, `${categories.length} values for ${count} seats`);
  }
  if (categories.some((category) => category >= chart.categories.length)) {
    refuse(`${place}.category`, 'no such category');
  }
  checkAscending(row.breaks, count - 1, `${place}.breaks`);
  checkAscending(row.accessible, count, `${place}.accessible`);
  checkAscending(row.companion, count, `${place}.companion`);
}

/** Positions must grow and stay below `end`. */
function checkAscending(positions: readonly number[], end: number, place: string): void {
  for (const [at, position] of positions.entries()) {
    if (position >= end) refuse(`${place}[${at}]`, `${position} is not a position in this row`);
    if (at > 0 && position <= (positions[at - 1] ?? 0)) refuse(`${place}[${at}]`, 'must grow');
  }
}

function checkPoints(chart: Chart): void {
  const outside = ({ x, y }: { x: number; y: number }): boolean =>
    x > chart.width || y > chart.height;
  if (chart.focal !== null && outside(chart.focal)) refuse('focal', 'outside the chart');
  for (const [at, area] of chart.areas.entries()) {
    if (area.points.some(outside)) refuse(`areas[${at}]`, 'outside the chart');
  }
}

function checkLabels(chart: Chart): void {
  const seen = new Set<string>();
  for (const label of seatLabels(chart)) {
    if (seen.has(label)) {
      throw new ChartError('chart.duplicate', '', `two seats have the label "${label}"`);
    }
    seen.add(label);
  }
}

function refuse(place: string, problem: string): never {
  throw new ChartError('chart.invalid', place, problem);
}
