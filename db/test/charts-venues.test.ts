import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPlan, chartHash, chartText, parseChart, readPlanFile } from '@holdfast/db/charts';
import type { Chart } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { shortestDistance } from './charts-fixtures.ts';

/**
 * The demo venues are pinned: whoever changes the builder or a venue sees here that stored charts
 * of the same plan would get another hash, and writes the new one down on purpose.
 */
const VENUES = [
  {
    file: 'theatre.json',
    seats: 1_633,
    sections: 5,
    levels: 3,
    hash: '43cb86342c037697fc66de9845ed011c',
  },
  {
    file: 'arena.json',
    seats: 18_736,
    sections: 46,
    levels: 2,
    hash: 'afc0e4c96088bdbc60ada40eeff24513',
  },
  {
    file: 'stadium.json',
    seats: 69_680,
    sections: 140,
    levels: 3,
    hash: '6073edf3470a686770fa9a3d9ef5ff45',
  },
] as const;

const FILE_BYTES_MAX = 200 * 1024;
/** No seat is narrower than this; closer seats would overlap. */
const DISTANCE_MIN = 48;

const test = suite('demo venues');

async function build(file: string): Promise<{ chart: Chart; warnings: readonly string[] }> {
  return buildPlan(await readPlanFile(join(import.meta.dirname, '../venues', file)));
}

for (const venue of VENUES) {
  test(`${venue.file} builds the pinned chart, without a warning`, async () => {
    const { chart, warnings } = await build(venue.file);
    assert.equal(warnings, []);
    assert.is(chart.seatCount, venue.seats);
    assert.is(chart.sections.length, venue.sections);
    assert.is(chart.levels.length, venue.levels);
    assert.is(chartHash(chartText(chart)), venue.hash);
  });

  test(`${venue.file} survives being stored and read`, async () => {
    const { chart } = await build(venue.file);
    assert.equal(parseChart(chartText(chart)), chart);
  });

  test(`${venue.file} has no seats that overlap`, async () => {
    const { chart } = await build(venue.file);
    const distance = shortestDistance(chart, 2 * DISTANCE_MIN);
    assert.ok(distance >= DISTANCE_MIN, `two seats are ${distance} cm apart`);
  });

  test(`${venue.file} is small, and has places for wheelchairs with companions`, async () => {
    const { size } = await stat(join(import.meta.dirname, '../venues', venue.file));
    assert.ok(size < FILE_BYTES_MAX, `${size} bytes`);
    const { chart } = await build(venue.file);
    const rows = chart.sections.flatMap((section) => section.rows);
    assert.ok(rows.some((row) => row.accessible.length > 0 && row.companion.length > 0));
  });
}

test('rows of the theatre bend round the stage and have aisles', async () => {
  const { chart } = await build('theatre.json');
  const rows = chart.sections.find((section) => section.id === 'ST')?.rows ?? [];
  const front = rows[0];
  const middle = front?.y[Math.floor(front.y.length / 2)] ?? 0;
  assert.ok(middle > (front?.y[0] ?? 0), 'the middle of a row is farther from the stage');
  assert.is(rows.at(-1)?.breaks.length, 2);
});

test.run();
