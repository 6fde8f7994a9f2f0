import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createCamera } from '../src/map/camera.ts';
import { buildGeometry } from '../src/map/geometry.ts';
import { fitView } from '../src/map/view.ts';
import { squareChart } from './scattered-chart.ts';

const test = suite('camera');
const GEOMETRY = buildGeometry(squareChart(20, 30));
const SCREEN = { width: 400, height: 300 };

function camera(still = false) {
  const made = createCamera(GEOMETRY, still);
  made.resize(SCREEN);
  made.step(0);
  return made;
}

test('the first size shows the whole chart', () => {
  assert.equal(camera().view, fitView(GEOMETRY, SCREEN));
});

test('a flight ends where it was to go and asks for frames until then', () => {
  const made = camera();
  made.flyBy(2, 100, 100);
  const start = made.view.scale;
  assert.ok(made.step(1_000));
  let frameMs = 1_000;
  while (made.step(frameMs)) frameMs += 16;
  assert.ok(frameMs > 1_100 && frameMs < 1_500, `${frameMs}`);
  assert.ok(Math.abs(made.view.scale / start - 2) < 1e-9);
  assert.not.ok(made.step(frameMs + 16));
});

test('a second press during a flight adds to the first', () => {
  const made = camera();
  const start = made.view.scale;
  made.flyBy(1.5);
  made.step(0);
  made.step(50);
  made.flyBy(1.5);
  for (let frameMs = 60; frameMs < 1_000; frameMs += 16) made.step(frameMs);
  assert.ok(Math.abs(made.view.scale / start - 2.25) < 1e-9);
});

test('who asked for less motion gets no flight', () => {
  const made = camera(true);
  const start = made.view.scale;
  made.flyBy(2);
  assert.is(made.view.scale, start * 2);
});

test('a sheet that grows from below leaves every seat where it is on the screen', () => {
  const made = camera();
  made.zoom(4, 200, 150);
  const before = made.view;
  made.resize({ width: 400, height: 180 });
  assert.equal(made.view, before);
});

test('a chart shown whole, its seats too small to tap, stays whole above a sheet that grows', () => {
  const made = createCamera(GEOMETRY, false);
  const [phone, above] = [
    { width: 180, height: 300 },
    { width: 180, height: 120 },
  ];
  made.resize(phone);
  made.resize(above);
  assert.equal(made.view, fitView(GEOMETRY, above));
  made.pan(5, 5);
  const before = made.view;
  made.resize({ width: 180, height: 110 });
  assert.equal(made.view, before);
});

test('seats that can be tapped in the fitted view stay under the finger when a sheet grows', () => {
  const made = createCamera(GEOMETRY, false);
  made.resize({ width: 800, height: 600 });
  const before = made.view;
  made.resize({ width: 800, height: 560 });
  assert.equal(made.view, before);
});

test('a turned phone keeps looking at the same place', () => {
  const made = camera();
  made.zoom(4, 100, 100);
  const middle = (SCREEN.width / 2 - made.view.shiftX) / made.view.scale;
  made.resize({ width: 300, height: 400 });
  assert.ok(Math.abs((150 - made.view.shiftX) / made.view.scale - middle) < 1e-6);
});

test.run();
