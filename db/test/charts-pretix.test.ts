import { buildPlan } from '@holdfast/db/charts';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { readColour } from '../src/charts/colour.ts';
import { labelsOf, pointsOf, pretixPlan, refusal } from './charts-fixtures.ts';

const test = suite('plans in pretix JSON');
const stalls = { prices: new Map([['Stalls', '20.00']]) };

test('zones become sections, seat ids become labels, places add up and are two to the pixel', () => {
  const { chart, warnings } = buildPlan(pretixPlan(), stalls);
  assert.equal(warnings, []);
  assert.is(chart.name, 'Small hall');
  assert.is(chart.sections[0]?.id, 'MAIN-AREA');
  assert.is(chart.sections[0]?.name, 'Main Area');
  assert.is(labelsOf(chart), 'guid-0 guid-1 guid-2');
  assert.equal(pointsOf(chart), [
    [100, 100],
    [150, 100],
    [200, 100],
  ]);
  assert.equal(chart.categories, [{ name: 'Stalls', colour: '#7f4a91', price: 2_000 }]);
});

test('a plan without prices gets one, in the currency that was asked for, and says so', () => {
  const { chart, warnings } = buildPlan(pretixPlan(), { currency: 'JPY' });
  assert.is(chart.currency, 'JPY');
  assert.is(chart.categories[0]?.price, 30);
  assert.is(warnings.length, 1);
  assert.match(warnings[0] ?? '', /"Stalls" cost 30 JPY a seat .*--price "Stalls=45"/);
  assert.is(buildPlan(pretixPlan()).chart.categories[0]?.price, 3_000);
});

test('keys that are not used are told once each, with the first place they were seen at', () => {
  const seats = [0, 1].map((at) => ({
    seat_guid: `${at}`,
    seat_number: '1',
    uuid: 'u',
    radius: 10,
    position: { x: at * 25, y: 0 },
    category: 'Stalls',
  }));
  const row = { row_number: 'A', row_number_position: 'both', seats };
  const areas = [{ shape: 'circle', circle: { radius: 20 }, border_color: '#000' }];
  const { warnings } = buildPlan(pretixPlan({}, { uuid: 'z', rows: [row, row2()], areas }), stalls);
  assert.equal(warnings, [
    'zones[].rows[].row_number_position is not used (first seen at zones[0].rows[0])',
    'zones[].rows[].seats[].uuid is not used (first seen at zones[0].rows[0].seats[0])',
    'zones[].rows[].seats[].radius is not used (first seen at zones[0].rows[0].seats[0])',
    'zones[].uuid is not used (first seen at zones[0])',
    'zones[].areas[].border_color is not used (first seen at zones[0].areas[0])',
  ]);
});

function row2(): object {
  const seat = { seat_guid: 'x', position: { x: 0, y: 50 }, category: 'Stalls', uuid: 'v' };
  return { row_number: 2, row_number_position: null, seats: [seat] };
}

test('a seat far from its neighbour has an aisle beside it', () => {
  const seats = [0, 25, 50, 75, 150, 175].map((x, at) => ({
    seat_guid: `${at}`,
    seat_number: at + 1,
    position: { x, y: 0 },
    category: 'Stalls',
  }));
  const { chart } = buildPlan(pretixPlan({}, { rows: [{ row_number: 'A', seats }] }), stalls);
  assert.equal(chart.sections[0]?.rows[0]?.breaks, [3]);
});

test('a duplicate seat id is refused with both places', () => {
  const error = refusal(pretixPlan({ seat_guid: 'guid-0' }));
  assert.is(error.code, 'chart.duplicate');
  assert.is(
    error.message,
    'zones[0].rows[0].seats[1].seat_guid: "guid-0" is also the id of zones[0].rows[0].seats[0]; every seat needs its own',
  );
});

test('a category that is not there is refused, with the one that was probably meant', () => {
  const error = refusal(pretixPlan({ category: 'VIP' }));
  assert.is(error.message, 'zones[0].rows[0].seats[1].category: no such category "VIP"');
  assert.match(refusal(pretixPlan({ category: 'stalls' })).message, /did you mean "Stalls"/);
  assert.match(refusal(pretixPlan({ category: undefined })).message, /no such category ""/);
});

test('a plan without seats is refused', () => {
  assert.is(refusal(pretixPlan({}, {}, { zones: [] })).code, 'chart.empty');
  assert.is(
    refusal(pretixPlan({}, { rows: [{ row_number: '1', seats: [] }] })).code,
    'chart.empty',
  );
});

test('zones of one name, and without a name, get ids of their own; empty zones none', () => {
  const row = (id: string) => ({
    row_number: '',
    seats: [{ seat_guid: id, seat_number: '', position: { x: 0, y: 0 }, category: 'Stalls' }],
  });
  const zones = ['Rang', 'Räng', undefined, 'leer'].map((name, at) => ({
    name,
    position: { x: at * 100, y: 0 },
    rows: at === 3 ? [] : [row(`${at}`)],
  }));
  const { chart } = buildPlan(pretixPlan({}, {}, { zones }), stalls);
  assert.equal(
    chart.sections.map(({ id, name }) => [id, name]),
    [
      ['RANG', 'Rang'],
      ['RANG~2', 'Räng'],
      ['ZONE-3', 'Zone 3'],
    ],
  );
  assert.is(chart.sections[0]?.rows[0]?.name, '1');
});

test('areas of every shape are drawn, turned and coloured', () => {
  const text = { text: 'Bühne', color: 'white', position: { x: 50, y: 25 } };
  const areas = [
    { shape: 'rectangle', rectangle: { width: 100, height: 50 }, rotation: 90, color: 'red', text },
    { shape: 'ellipse', ellipse: { radius: { x: 30, y: 10 } }, color: '#abc' },
    { shape: 'circle', circle: { radius: 30 }, color: 'rgb(1, 2, 3)' },
    { shape: 'polygon', polygon: { points: [0, 1, 2].map((at) => ({ x: at, y: at * at })) } },
    { shape: 'text', text },
    { width: 40, height: 20, position: { x: 0, y: 0 }, text: 'Bar' },
    { shape: 'hexagon', color: 'red' },
    { shape: 'rectangle', rectangle: { width: 0, height: 10 } },
  ];
  const { chart } = buildPlan(pretixPlan({}, { areas }), stalls);
  assert.equal(
    chart.areas.map((area) => `${area.kind} ${area.points.length} ${area.colour}`),
    [
      'polygon 4 #ff0000',
      'text 1 #ffffff',
      'polygon 32 #aabbcc',
      'circle 1 #010203',
      'polygon 3 #d0d4da',
      'text 1 #ffffff',
      'polygon 4 #d0d4da',
      'text 1 #333333',
    ],
  );
  assert.is(chart.areas[3]?.radius, 60);
});

test('seats that lie on one spot are told, since nobody can tap the lower one', () => {
  const { warnings } = buildPlan(pretixPlan({ position: { x: 0, y: 0 } }), stalls);
  assert.equal(warnings, ['1 seats lie exactly on top of others, such as MAIN-AREA row A seat 2']);
});

test('colours are read as people write them', () => {
  assert.is(readColour(' #AbC '), '#aabbcc');
  assert.is(readColour('#AABBCCdd'), '#aabbcc');
  assert.is(readColour('rgba(300, 0, 16, 0.5)'), '#ff0010');
  assert.is(readColour('url(javascript:x)'), null);
});

test.run();
