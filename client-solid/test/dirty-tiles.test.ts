import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createDirtyTiles } from '../src/map/dirty-tiles.ts';

const test = suite('dirty tiles');

test('what is shown covers every dirty box, stays on the canvas, and is shown once', () => {
  const fraction = seededFraction(testSeed('tiles'));
  for (let round = 0; round < 200; round += 1) {
    const [width, height] = [50 + Math.floor(fraction() * 400), 50 + Math.floor(fraction() * 300)];
    const tiles = createDirtyTiles(width, height);
    const boxes = Array.from({ length: 1 + Math.floor(fraction() * 12) }, () => {
      const [minX, minY] = [Math.floor(fraction() * width), Math.floor(fraction() * height)];
      const maxX = Math.min(width, minX + 1 + Math.floor(fraction() * 90));
      return { minX, minY, maxX, maxY: Math.min(height, minY + 1 + Math.floor(fraction() * 90)) };
    });
    for (const box of boxes) tiles.add(box);
    const shown = new Uint8Array(width * height);
    tiles.flush((x, y, w, h) => {
      assert.ok(x >= 0 && y >= 0 && x + w <= width && y + h <= height && w > 0 && h > 0);
      for (let row = y; row < y + h; row += 1) {
        for (let at = row * width + x; at < row * width + x + w; at += 1) {
          shown[at] = (shown[at] ?? 0) + 1;
        }
      }
    });
    assert.not.ok(shown.some((times) => times > 1));
    for (const { minX, minY, maxX, maxY } of boxes) {
      assert.is(shown[minY * width + minX], 1);
      assert.is(shown[(maxY - 1) * width + maxX - 1], 1);
    }
    tiles.flush(() => assert.unreachable('nothing is dirty any more'));
  }
});

test.run();
