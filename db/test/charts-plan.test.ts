import { buildPlan } from '@holdfast/db/charts';
import { seatCategories } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { rowNamesFrom } from '../src/charts/plan/row-names.ts';
import { seatNumbers } from '../src/charts/plan/seat-numbers.ts';
import { labelsOf, ownPlan, pointsOf, refusal } from './charts-fixtures.ts';

const test = suite('plans in rows and arcs');

test('a straight block is filled with as many seats as fit, rows going away from the stage', () => {
  const { chart } = buildPlan(ownPlan({ width: 160 }, { focal: null }));
  assert.is(labelsOf(chart), 'A-A-1 A-A-2 A-A-3 A-B-1 A-B-2 A-B-3');
  assert.equal(pointsOf(chart), [
    [100, 100],
    [150, 100],
    [200, 100],
    [100, 190],
    [150, 190],
    [200, 190],
  ]);
  assert.is(chart.width, 300);
  assert.is(chart.height, 290);
});

test('left is the left of those who sit there, whichever way they look', () => {
  const places = (facing: number) => pointsOf(buildPlan(ownPlan({ facing, rows: 1 })).chart);
  const [down, up] = [places(0), places(180)];
  assert.ok((down[0]?.[0] ?? 0) < (down.at(-1)?.[0] ?? 0));
  assert.ok((up[0]?.[0] ?? 0) > (up.at(-1)?.[0] ?? 0));
});

test('seats of an arc lie on circles round its centre, evenly spaced', () => {
  const arc = { kind: 'arc', centre: { x: 0, y: 0 }, radius: 1_000, from: -30, to: 30 };
  const section = {
    id: 'A',
    level: 'Ground',
    category: 'Stalls',
    blocks: [{ ...arc, rows: 2 }],
  };
  const { chart } = buildPlan(ownPlan({}, { focal: { x: 0, y: 0 }, sections: [section] }));
  const focal = chart.focal ?? { x: 0, y: 0 };
  const radii = pointsOf(chart).map(([x, y]) => Math.hypot(x - focal.x, y - focal.y));
  const rowOne = chart.sections[0]?.rows[0]?.x.length ?? 0;
  assert.is(rowOne, Math.floor((1_000 * Math.PI) / 3 / 50));
  assert.ok(radii.every((radius, at) => Math.abs(radius - (at < rowOne ? 1_000 : 1_090)) < 1));
});

test('aisles part a filled row, and neighbours across them are not adjacent', () => {
  const { chart } = buildPlan(ownPlan({ width: 520, rows: 1, aisles: [0] }, { focal: null }));
  const row = chart.sections[0]?.rows[0];
  assert.equal(row?.numbers, ['1', '2', '3', '4', '5', '6', '7', '8']);
  assert.equal(row?.breaks, [3]);
  assert.equal((row?.x[4] ?? 0) - (row?.x[3] ?? 0), 170);
});

test('listed runs of seats are kept as they are, an aisle between each two', () => {
  const { chart } = buildPlan(ownPlan({ seats: ['2+3', '0+4+0+1'] }, { focal: null }));
  const rows = chart.sections[0]?.rows ?? [];
  assert.equal(
    rows.map((row) => [row.numbers.length, row.breaks]),
    [
      [5, [1]],
      [5, [3]],
    ],
  );
});

test('rows are named by letters without the skipped ones, or by numbers', () => {
  assert.equal(rowNamesFrom('G', 'IO', 4), ['G', 'H', 'J', 'K']);
  assert.equal(rowNamesFrom('Y', '', 4), ['Y', 'Z', 'AA', 'AB']);
  assert.equal(rowNamesFrom('9', '', 3), ['9', '10', '11']);
});

test('seats are numbered from the left, from the right, or odd and even from the middle', () => {
  assert.equal(seatNumbers({ from: 'left', first: 1, step: 2 }, 3), ['1', '3', '5']);
  assert.equal(seatNumbers({ from: 'right', first: 10, step: 1 }, 3), ['12', '11', '10']);
  assert.equal(seatNumbers({ from: 'split', first: 1, step: 1 }, 5), ['5', '3', '1', '2', '4']);
});

test('wheelchair places and companion seats are marked by row and number', () => {
  const accessible = [{ row: 'B', numbers: ['1', '3'], companions: ['2'] }];
  const { chart } = buildPlan(ownPlan({}, {}, { accessible }));
  assert.equal(chart.sections[0]?.rows[0]?.accessible, []);
  assert.equal(chart.sections[0]?.rows[1]?.accessible, [0, 2]);
  assert.equal(chart.sections[0]?.rows[1]?.companion, [1]);
});

test('a block may have a category of its own; prices are minor units and can be replaced', () => {
  const plan = ownPlan({ category: 'Balcony' });
  const { chart } = buildPlan(plan, { prices: new Map([['Balcony', '31']]), name: 'Other hall' });
  assert.equal([...new Set(seatCategories(chart))], [1]);
  assert.equal(
    chart.categories.map((category) => category.price),
    [4_500, 3_100],
  );
  assert.is(chart.name, 'Other hall');
});

test('a box, a circle and a text are drawn under the seats', () => {
  const colour = '#dddddd';
  const areas = [
    { kind: 'box', at: { x: 0, y: -500 }, width: 400, height: 100, colour },
    { kind: 'box', at: { x: 0, y: -500 }, width: 400, height: 100, corner: 40, colour },
    { kind: 'circle', at: { x: 0, y: -500 }, radius: 30, colour },
    { kind: 'text', at: { x: 0, y: -500 }, text: 'Stage', colour },
  ];
  const { chart } = buildPlan(ownPlan({}, { areas }));
  assert.equal(
    chart.areas.map((area) => [area.kind, area.points.length]),
    [
      ['polygon', 4],
      ['polygon', 36],
      ['circle', 1],
      ['text', 1],
    ],
  );
});

test('a refusal names the place and the nearest right word', () => {
  const missing = refusal(ownPlan({ category: 'Stals' }));
  assert.is(
    missing.message,
    'sections[0].blocks[0].category: no such category "Stals" (did you mean "Stalls"?)',
  );
  assert.is(missing.code, 'chart.invalid');
  const level = refusal(ownPlan({}, {}, { level: 'Grond' }));
  assert.match(level.message, /sections\[0\]\.level: no such level "Grond" \(did you mean/);
  const seat = refusal(ownPlan({}, {}, { accessible: [{ row: 'B', numbers: ['77'] }] }));
  assert.match(seat.message, /sections\[0\]\.accessible\[0\]: no such seat "77"/);
  const row = refusal(ownPlan({ seats: ['3', '4', '5'] }));
  assert.match(row.message, /sections\[0\]\.blocks\[0\]\.seats: 3 texts for 2 rows/);
  const open = refusal(ownPlan({ width: undefined }));
  assert.match(open.message, /say how wide the block is/);
});

test('two seats with one label, and two sections with one id, are refused', () => {
  const block = { kind: 'straight', at: { x: 0, y: 0 }, facing: 0, rows: 1, seats: '3' };
  const same = refusal(ownPlan({}, {}, { blocks: [block, { ...block, at: { x: 0, y: 900 } }] }));
  assert.is(same.code, 'chart.duplicate');
  assert.match(same.message, /"A-A-1"/);
  const section = { id: 'A', level: 'Ground', category: 'Stalls', blocks: [block] };
  const twice = refusal(ownPlan({}, { sections: [section, section] }));
  assert.match(twice.message, /sections\[1\]\.id: "A" is also the id of sections\[0\]/);
});

test('prices that are no prices are refused', () => {
  const prices = (price: string) => ({ prices: new Map([['Stalls', price]]) });
  for (const price of ['', '-1', '1.234', '1e3', 'NaN', '99999999999']) {
    assert.is(refusal(ownPlan(), prices(price)).code, 'chart.price');
  }
  const unknown = refusal(ownPlan(), { prices: new Map([['Balkony', '1']]) });
  assert.match(unknown.message, /did you mean "Balcony"/);
  assert.is(refusal(ownPlan(), { currency: 'EUR' }).code, 'chart.price');
  assert.is(refusal(ownPlan({}, { currency: 'GB' })).code, 'chart.invalid');
});

test.run();
