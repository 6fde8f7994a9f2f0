import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createCountdown, formatTimeLeft, type TimeLeft, timeLeft } from '../src/shop/countdown.ts';

const test = suite('countdown');

test('time left is told in whole seconds, warns in the last minute, and ends at the deadline', () => {
  assert.equal(timeLeft(240_000, 0), { seconds: 240, phase: 'calm' });
  assert.equal(timeLeft(240_000, 179_999), { seconds: 61, phase: 'calm' });
  assert.equal(timeLeft(240_000, 180_000), { seconds: 60, phase: 'soon' });
  assert.equal(timeLeft(240_000, 239_999), { seconds: 1, phase: 'soon' });
  assert.equal(timeLeft(240_000, 240_000), { seconds: 0, phase: 'over' });
  assert.equal(timeLeft(240_000, 999_999), { seconds: 0, phase: 'over' });
});

test('every second is shown once, and the wall clock has no say', async () => {
  const ambient = createManualAmbient();
  const shown: (TimeLeft | null)[] = [];
  const countdown = createCountdown(ambient, (left) => shown.push(left));
  countdown.follow(ambient.clock.monotonicMs() + 3_400);
  ambient.jumpWall(86_400_000);
  await ambient.advance(10_000);
  assert.equal(
    shown.map((left) => left?.seconds),
    [4, 3, 2, 1, 0],
  );
  assert.is(shown.at(-1)?.phase, 'over');
  assert.is(ambient.armed(), 0);
});

test('another deadline replaces the one before, none stops the count', async () => {
  const ambient = createManualAmbient();
  const shown: (number | null)[] = [];
  const countdown = createCountdown(ambient, (left) => shown.push(left?.seconds ?? null));
  countdown.follow(2_000);
  await ambient.advance(500);
  countdown.follow(60_000);
  await ambient.advance(600);
  countdown.follow(null);
  await ambient.advance(90_000);
  assert.equal(shown, [2, 60, 59, null]);
  assert.is(ambient.armed(), 0);
});

test('minutes and seconds are written as people read them', () => {
  assert.is(formatTimeLeft(240), '4:00');
  assert.is(formatTimeLeft(61), '1:01');
  assert.is(formatTimeLeft(9), '0:09');
  assert.is(formatTimeLeft(3_725), '1:02:05');
});

test.run();
