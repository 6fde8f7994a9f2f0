import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';

const test = suite('manual ambient');

test('timers fire in the order of their instants, equal ones in the order of their arming', async () => {
  const ambient = createManualAmbient();
  const fired: string[] = [];
  ambient.timers.after(20, () => fired.push('late'));
  ambient.timers.after(10, () => fired.push('first'));
  ambient.timers.after(10, () => fired.push('second'));
  await ambient.advance(19);
  assert.equal(fired, ['first', 'second']);
  await ambient.advance(1);
  assert.equal(fired, ['first', 'second', 'late']);
  assert.is(ambient.armed(), 0);
});

test('a periodic timer fires once a period until it is cancelled', async () => {
  const ambient = createManualAmbient();
  const at: number[] = [];
  const cancel = ambient.timers.every(10, () => at.push(ambient.clock.monotonicMs()));
  await ambient.advance(35);
  cancel();
  await ambient.advance(100);
  assert.equal(at, [10, 20, 30]);
});

test('promises get their turn between two timers', async () => {
  const ambient = createManualAmbient();
  const seen: string[] = [];
  ambient.timers.after(10, () => {
    void Promise.resolve().then(() => ambient.timers.after(5, () => seen.push('armed by promise')));
  });
  ambient.timers.after(20, () => seen.push('later'));
  await ambient.advance(20);
  assert.equal(seen, ['armed by promise', 'later']);
});

test('the wall clock may jump, the monotonic one never does', () => {
  const ambient = createManualAmbient();
  const before = ambient.clock.wallMs();
  ambient.jumpWall(-5_000);
  assert.is(ambient.clock.wallMs(), before - 5_000);
  assert.is(ambient.clock.monotonicMs(), 0);
});

test('the same seed gives the same chance', () => {
  const draw = (seed: number) => createManualAmbient({ seed }).random.bytes(8).join();
  assert.is(draw(7), draw(7));
  assert.is.not(draw(7), draw(8));
});

test.run();
