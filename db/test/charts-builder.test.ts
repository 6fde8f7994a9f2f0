import { buildPlan, chartText, parseChart } from '@holdfast/db/charts';
import { type Chart, SECTION_SEATS_MAX, seatLabels } from '@holdfast/db/model';
import { suite, testSeed } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { cutSections } from '../src/charts/cut-sections.ts';
import type { DraftRow, DraftSeat, DraftSection } from '../src/charts/draft.ts';
import { ownPlan, pointsOf } from './charts-fixtures.ts';

const test = suite('chart builder');
const seed = testSeed('chart builder');

const coordinate = fc.double({ min: -5_000, max: 5_000, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const runs = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 });
const block = fc.oneof(
  fc.record({
    kind: fc.constant('straight'),
    at: point,
    facing: fc.integer({ min: -360, max: 360 }),
    rows: fc.integer({ min: 1, max: 12 }),
    seats: runs.map((counts) => counts.join('+')),
  }),
  fc.record({
    kind: fc.constant('arc'),
    centre: point,
    radius: fc.integer({ min: 300, max: 4_000 }),
    from: fc.integer({ min: -90, max: 0 }),
    to: fc.integer({ min: 1, max: 90 }),
    rows: fc.integer({ min: 1, max: 12 }),
    aisles: fc.array(fc.integer({ min: -80, max: 80 }), { maxLength: 3 }),
  }),
);
const plan = fc.array(block, { minLength: 1, maxLength: 6 }).map((blocks) =>
  ownPlan(
    {},
    {
      sections: [
        { id: 'ONE', level: 'Ground', category: 'Stalls', blocks: [firstBlock()] },
        ...blocks.map((each, at) => ({
          id: `S${at}`,
          level: 'Ground',
          category: at % 2 === 0 ? 'Stalls' : 'Balcony',
          blocks: [each],
        })),
      ],
    },
  ),
);

/** One seat that is always there, since a plan without any is refused. */
function firstBlock(): object {
  return { kind: 'straight', at: { x: 0, y: 0 }, facing: 0, rows: 1, seats: '1' };
}

test('the same plan gives the same text, byte for byte', () => {
  fc.assert(
    fc.property(plan, (text) => {
      const first = chartText(buildPlan(text).chart);
      assert.is(chartText(buildPlan(text).chart), first);
      assert.is(chartText(parseChart(first)), first);
    }),
    { seed, numRuns: 60 },
  );
});

test('sections own contiguous ranges, labels are unique, all seats lie whole in the box', () => {
  fc.assert(
    fc.property(plan, (text) => {
      const { chart } = buildPlan(text);
      assertRanges(chart);
      assert.is(new Set(seatLabels(chart)).size, chart.seatCount);
      for (const [x, y] of pointsOf(chart)) {
        assert.ok(Number.isInteger(x) && x >= 0 && x <= chart.width, `x ${x}`);
        assert.ok(Number.isInteger(y) && y >= 0 && y <= chart.height, `y ${y}`);
      }
    }),
    { seed, numRuns: 60 },
  );
});

test('moving a whole plan changes nothing but rounding', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9_000, max: 9_000 }), (away) => {
      const here = buildPlan(ownPlan({ at: { x: 0, y: 0 } }, { focal: null })).chart;
      const there = buildPlan(ownPlan({ at: { x: away, y: -away } }, { focal: null })).chart;
      assert.equal(there, here);
    }),
    { seed },
  );
});

test('sections over the limit are cut into ranges that keep order, seats and labels', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 50 }), (rowSizes, seatsMax) => {
      const section = sectionOf(rowSizes);
      const parts = cutSections([section], seatsMax);
      assert.ok(parts.every((part) => seatsIn(part).length <= seatsMax));
      assert.equal(parts.flatMap(labelsIn), labelsIn(section));
      assert.is(new Set(parts.map((part) => part.id)).size, parts.length);
    }),
    { seed },
  );
});

test('the parts of a cut section never take the id of another section', () => {
  const whole = sectionOf([3, 3]);
  const parts = cutSections([whole, { ...sectionOf([1]), id: 'A.1' }], 3);
  assert.equal(
    parts.map((part) => part.id),
    ['A.1~2', 'A.2', 'A.1'],
  );
});

test('a section of more than 4,096 seats is cut, and its seats keep their labels', () => {
  const { chart } = buildPlan(ownPlan({ rows: 50, seats: '100' }));
  assert.equal(
    chart.sections.map(({ id, seatCount }) => [id, seatCount]),
    [
      ['A.1', 4_000],
      ['A.2', 1_000],
    ],
  );
  assertRanges(chart);
  const [first] = seatLabels(chart);
  assert.is(first, 'A-A-1');
  assert.is(seatLabels(chart)[4_000], 'A-AO-1');
});

function assertRanges(chart: Chart): void {
  let next = 0;
  for (const section of chart.sections) {
    assert.is(section.start, next);
    assert.ok(section.seatCount >= 1 && section.seatCount <= SECTION_SEATS_MAX);
    next += section.seatCount;
  }
  assert.is(chart.seatCount, next);
}

function sectionOf(rowSizes: readonly number[]): DraftSection {
  const rows = rowSizes.map((size, at): DraftRow => {
    const seats = Array.from({ length: size }, (_, seat): DraftSeat => {
      const number = `${seat + 1}`;
      return { x: seat * 50, y: at * 90, number, category: 0, breakAfter: false, place: 'seat' };
    });
    return { name: `${at + 1}`, seats };
  });
  return { id: 'A', name: 'A', level: 0, rows };
}

function seatsIn(section: DraftSection): DraftSeat[] {
  return section.rows.flatMap((row) => row.seats);
}

function labelsIn(section: DraftSection): string[] {
  return section.rows.flatMap((row) =>
    row.seats.map((seat) => seat.label ?? `${section.id}-${row.name}-${seat.number}`),
  );
}

test.run();
