import { type BuildOptions, buildPlan, ChartError } from '@holdfast/db/charts';
import { type Chart, seatLabels } from '@holdfast/db/model';
import * as assert from 'uvu/assert';

/** A plan of Holdfast's own format with one block, changed as a test wants it. */
export function ownPlan(block: object = {}, plan: object = {}, section: object = {}): string {
  return JSON.stringify({
    format: 'holdfast.plan/1',
    name: 'Town hall',
    currency: 'GBP',
    seatSpacing: 50,
    rowSpacing: 90,
    aisleWidth: 120,
    categories: [
      { name: 'Stalls', colour: '#336699', price: '45.00' },
      { name: 'Balcony', colour: '#993366', price: '30.50' },
    ],
    levels: ['Ground'],
    focal: { x: 0, y: -300 },
    sections: [
      {
        id: 'A',
        level: 'Ground',
        category: 'Stalls',
        blocks: [
          { kind: 'straight', at: { x: 0, y: 0 }, facing: 0, width: 500, rows: 2, ...block },
        ],
        ...section,
      },
    ],
    ...plan,
  });
}

/** A pretix plan with one zone of one row of three seats, changed as a test wants it. */
export function pretixPlan(seat: object = {}, zone: object = {}, plan: object = {}): string {
  const seats = [0, 1, 2].map((at) => ({
    seat_guid: `guid-${at}`,
    seat_number: `${at + 1}`,
    position: { x: at * 25, y: 0 },
    category: 'Stalls',
    ...(at === 1 ? seat : {}),
  }));
  const row = { row_number: 'A', position: { x: 10, y: 20 }, seats };
  return JSON.stringify({
    name: 'Small hall',
    size: { width: 400, height: 300 },
    categories: [{ name: 'Stalls', color: '#7f4a91' }],
    zones: [{ name: 'Main Area', position: { x: 100, y: 100 }, rows: [row], ...zone }],
    ...plan,
  });
}

/** The error a plan is refused with; fails the test when it is not refused. */
export function refusal(text: string, options: BuildOptions = {}): ChartError {
  try {
    buildPlan(text, options);
  } catch (error) {
    assert.instance(error, ChartError);
    if (error instanceof ChartError) return error;
  }
  throw new Error('the plan was not refused');
}

/** The labels of all seats as one text, for short expectations. */
export function labelsOf(chart: Chart): string {
  return seatLabels(chart).join(' ');
}

/** Every seat as [x, y] in index order. */
export function pointsOf(chart: Chart): [number, number][] {
  return chart.sections.flatMap((section) =>
    section.rows.flatMap((row) =>
      row.x.map((x, at): [number, number] => [x, row.y[at] ?? Number.NaN]),
    ),
  );
}

/** The shortest distance between any two seats, looked for among near neighbours only. */
export function shortestDistance(chart: Chart, reach: number): number {
  const cells = new Map<string, [number, number][]>();
  let shortest = Number.POSITIVE_INFINITY;
  for (const [x, y] of pointsOf(chart)) {
    const [column, line] = [Math.floor(x / reach), Math.floor(y / reach)];
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        for (const [otherX, otherY] of cells.get(`${column + dx},${line + dy}`) ?? []) {
          shortest = Math.min(shortest, Math.hypot(x - otherX, y - otherY));
        }
      }
    }
    const key = `${column},${line}`;
    cells.set(key, [...(cells.get(key) ?? []), [x, y]]);
  }
  return shortest;
}
