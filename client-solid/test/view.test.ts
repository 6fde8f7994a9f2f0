import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import {
  between,
  fitView,
  keptInSight,
  scaleLimits,
  type View,
  worldX,
  worldY,
  zoomAt,
} from '../src/map/view.ts';

const test = suite('view');
const CHART = { width: 25_500, height: 21_100 };
const SCREEN = { width: 1_068, height: 836 };
const PITCH = 50;
const ROUNDS = 500;

function near(a: number, b: number, what: string): void {
  assert.ok(Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(a)), `${what}: ${a} and ${b}`);
}

test('the fitted view shows the whole chart, in the middle', () => {
  const view = fitView(CHART, SCREEN);
  near(view.shiftX + (CHART.width / 2) * view.scale, SCREEN.width / 2, 'middle');
  assert.ok(view.shiftX >= 0 && view.shiftY >= 0);
  assert.ok(CHART.width * view.scale <= SCREEN.width);
  assert.ok(CHART.height * view.scale <= SCREEN.height);
});

test('zooming keeps the point under the finger where it is, and the scale within its limits', () => {
  const fraction = seededFraction(testSeed('zoom'));
  const limits = scaleLimits(CHART, SCREEN, PITCH);
  let view = fitView(CHART, SCREEN);
  for (let round = 0; round < ROUNDS; round += 1) {
    const [x, y] = [fraction() * SCREEN.width, fraction() * SCREEN.height];
    const zoomed = zoomAt(view, 0.25 + fraction() * 4, x, y, limits);
    near(worldX(zoomed, x), worldX(view, x), 'world x');
    near(worldY(zoomed, y), worldY(view, y), 'world y');
    assert.ok(zoomed.scale >= limits.min && zoomed.scale <= limits.max);
    view = zoomed;
  }
});

test('however far one drags, the middle of the screen stays over the chart', () => {
  const fraction = seededFraction(testSeed('drag'));
  for (let round = 0; round < ROUNDS; round += 1) {
    const dragged: View = {
      scale: 0.01 + fraction(),
      shiftX: (fraction() - 0.5) * 1e6,
      shiftY: (fraction() - 0.5) * 1e6,
    };
    const view = keptInSight(dragged, CHART, SCREEN);
    const [x, y] = [worldX(view, SCREEN.width / 2), worldY(view, SCREEN.height / 2)];
    assert.ok(x >= -1e-3 && x <= CHART.width + 1e-3, `x ${x}`);
    assert.ok(y >= -1e-3 && y <= CHART.height + 1e-3, `y ${y}`);
  }
});

test('a flight between two views starts at the one and ends at the other', () => {
  const from = fitView(CHART, SCREEN);
  const to = { scale: 0.9, shiftX: -4_000, shiftY: 120 };
  for (const [t, view] of [
    [0, from],
    [1, to],
  ] as const) {
    const at = between(from, to, t);
    near(at.scale, view.scale, 'scale');
    near(at.shiftX, view.shiftX, 'x');
    near(at.shiftY, view.shiftY, 'y');
  }
  const moved = between(from, { ...from, shiftX: from.shiftX + 100 }, 0.5);
  near(moved.shiftX, from.shiftX + 50, 'a plain move is halfway at half time');
});

test.run();
