import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { buildGeometry, type MapSection } from '../src/map/geometry.ts';
import { labelPlace } from '../src/map/label-place.ts';
import { createSeatGrid } from '../src/map/seat-grid.ts';
import { squareChart } from './scattered-chart.ts';

const test = suite('label place');
const VIEW = { scale: 0.1, shiftX: 0, shiftY: 0 };
const LABEL = { width: 18, height: 13 };

function scene(rows: number, seats: number) {
  const geometry = buildGeometry(squareChart(rows, seats));
  const [section] = geometry.sections;
  if (section === undefined) throw new Error('the chart has no section');
  return { section, ground: { geometry, grid: createSeatGrid(geometry), view: VIEW } };
}

function partOf(section: MapSection, seatCount: number): MapSection {
  return { ...section, seatCount };
}

test('a large section carries its name on its seats', () => {
  const { section, ground } = scene(10, 20);
  assert.equal(labelPlace(section, LABEL, ground), section.anchor);
});

test('the name of a small section hides no seat: it stands on the side away from the middle', () => {
  const { section, ground } = scene(5, 4);
  const place = labelPlace(section, LABEL, ground);
  const reachX = LABEL.width / 2 / VIEW.scale;
  assert.ok(place !== null && place.x + reachX < section.bounds.minX, JSON.stringify(place));
});

test('amid other seats a name is left out when it would hide more than a third of its section', () => {
  const { section, ground } = scene(30, 30);
  const inner = { minX: 800, minY: 800, maxX: 850, maxY: 800 };
  const small = { ...partOf(section, 2), start: 14 * 30 + 14, bounds: inner };
  assert.is(labelPlace({ ...small, anchor: { x: 800, y: 800 } }, LABEL, ground), null);
});

test.run();
