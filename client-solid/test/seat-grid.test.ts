import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { buildGeometry, type MapGeometry } from '../src/map/geometry.ts';
import { createSeatGrid } from '../src/map/seat-grid.ts';
import { scatteredChart, squareChart } from './scattered-chart.ts';

const test = suite('seat grid');
const ROUNDS = 300;

function distance({ x, y }: MapGeometry, seat: number, atX: number, atY: number): number {
  return Math.hypot((x[seat] ?? 0) - atX, (y[seat] ?? 0) - atY);
}

test('a hit test finds the nearest seat within reach, as a look at every seat would', () => {
  const fraction = seededFraction(testSeed('hit test'));
  const geometry = buildGeometry(scatteredChart(fraction, 700));
  const grid = createSeatGrid(geometry);
  for (let round = 0; round < ROUNDS; round += 1) {
    const atX = (fraction() * 1.4 - 0.2) * geometry.width;
    const atY = (fraction() * 1.4 - 0.2) * geometry.height;
    const reach = fraction() * 200;
    const found = grid.nearest(atX, atY, reach);
    let best = Infinity;
    for (let seat = 0; seat < geometry.seatCount; seat += 1) {
      best = Math.min(best, distance(geometry, seat, atX, atY));
    }
    if (best > reach * 1.000_001) assert.is(found, -1);
    else if (best < reach * 0.999_999)
      assert.ok(distance(geometry, found, atX, atY) <= best + 1e-3);
  }
});

test('every seat of a box is visited once, and no other', () => {
  const fraction = seededFraction(testSeed('box'));
  const geometry = buildGeometry(scatteredChart(fraction, 500));
  const grid = createSeatGrid(geometry);
  for (let round = 0; round < ROUNDS; round += 1) {
    const [left, top] = [fraction() * geometry.width, fraction() * geometry.height];
    const box = {
      minX: left,
      minY: top,
      maxX: left + fraction() * 600,
      maxY: top + fraction() * 600,
    };
    const visited: number[] = [];
    grid.within(box, (seat) => visited.push(seat));
    const inside: number[] = [];
    for (let seat = 0; seat < geometry.seatCount; seat += 1) {
      const [x, y] = [geometry.x[seat] ?? 0, geometry.y[seat] ?? 0];
      if (x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY) inside.push(seat);
    }
    assert.equal(
      visited.sort((a, b) => a - b),
      inside,
    );
  }
});

test('the arrows walk along rows and from row to row, and stop at the edge', () => {
  const geometry = buildGeometry(squareChart(4, 6));
  const { next } = createSeatGrid(geometry);
  assert.is(next(0, 1, 0), 1);
  assert.is(next(1, -1, 0), 0);
  assert.is(next(7, 0, 1), 13);
  assert.is(next(13, 0, -1), 7);
  assert.is(next(0, -1, 0), -1);
  assert.is(next(23, 0, 1), -1);
  assert.is(next(-1, 1, 0), -1);
});

test.run();
