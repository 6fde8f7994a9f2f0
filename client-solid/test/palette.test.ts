import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { inkOn, luminance, pixel, pixelOf } from '../src/map/palette.ts';
import { over } from '../src/map/sprites.ts';

const test = suite('palette');
const INKS = { inkDark: pixel(0, 0, 0), inkLight: pixel(255, 255, 255) };

test('colours are read as style sheets and charts write them', () => {
  assert.is(pixelOf('#b4572a'), pixel(0xb4, 0x57, 0x2a));
  assert.is(pixelOf(' #FFFFFF '), pixel(255, 255, 255));
  assert.is(pixelOf('#fff'), pixel(255, 255, 255));
  for (const odd of ['', 'red', '#12', '#12345g']) assert.is(pixelOf(odd), pixel(128, 128, 128));
});

test('the ink on any fill has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3)', () => {
  for (let red = 0; red < 256; red += 15) {
    for (let green = 0; green < 256; green += 15) {
      for (let blue = 0; blue < 256; blue += 15) {
        const fill = pixel(red, green, blue);
        const lights = [luminance(fill), luminance(inkOn(fill, INKS))];
        const contrast = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
        assert.ok(contrast >= 4.5, `${red} ${green} ${blue}: ${contrast}`);
      }
    }
  }
});

test('paint covers what lies below as far as it is opaque', () => {
  const below = pixel(0, 0, 0);
  assert.is(over(pixel(200, 100, 50), 1, below), pixel(200, 100, 50));
  assert.is(over(pixel(200, 100, 50), 0, below), below);
  assert.is(over(pixel(200, 100, 50), 0.5, below), pixel(100, 50, 25));
  assert.is(over(pixel(200, 100, 50), 0.5, 0) >>> 24, 128);
});

test.run();
