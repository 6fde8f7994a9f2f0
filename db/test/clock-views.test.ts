import {
  CLOCK_JUMP_MS,
  createClockViews,
  eventId,
  TRUSTED_ROUND_TRIP_MS,
} from '@holdfast/db/model';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';

const test = suite('clock views');
const GALA = eventId('gala');

test('the first answer is believed, and the time since is the own monotonic one', async () => {
  const ambient = createManualAmbient();
  const views = createClockViews(ambient.clock);
  assert.is(views.seen(GALA), null);
  assert.ok(views.agrees(GALA, 5_000_000, 0));
  await ambient.advance(1_500);
  assert.equal(views.seen(GALA), { nowMs: 5_000_000, elapsedMs: 1_500 });
});

test('an answer further off than a jump disagrees and is not remembered', async () => {
  const ambient = createManualAmbient();
  const views = createClockViews(ambient.clock);
  views.agrees(GALA, 0, 0);
  await ambient.advance(1_000);
  const sentAtMs = ambient.clock.monotonicMs();
  assert.not(views.agrees(GALA, 1_000 + CLOCK_JUMP_MS + 1, sentAtMs));
  assert.not(views.agrees(GALA, 1_000 - CLOCK_JUMP_MS - 1, sentAtMs));
  assert.is(views.seen(GALA)?.nowMs, 0);
  assert.ok(views.agrees(GALA, 1_000 + CLOCK_JUMP_MS, sentAtMs));
  assert.is(views.seen(GALA)?.nowMs, 1_000 + CLOCK_JUMP_MS);
});

test('an answer that took long, as when the process stood still, neither renews nor contradicts', async () => {
  const ambient = createManualAmbient();
  const views = createClockViews(ambient.clock);
  views.agrees(GALA, 0, 0);
  await ambient.advance(TRUSTED_ROUND_TRIP_MS + 1);
  assert.ok(views.agrees(GALA, 99_000, 0));
  views.accept(GALA, 99_000, 0);
  assert.is(views.seen(GALA)?.nowMs, 0);
});

test('a clock under a later name is taken as it is: another life, or settled once more', async () => {
  const ambient = createManualAmbient();
  const views = createClockViews(ambient.clock);
  views.agrees(GALA, 0, 0, '7.1');
  for (const name of ['7.2', '8.0', '6.0']) {
    assert.ok(views.isSetAnew(GALA, name), name);
    views.accept(GALA, 0, 0, '7.1');
    assert.ok(views.agrees(GALA, 99_000, 0, name), name);
    assert.is(views.seen(GALA)?.nowMs, 99_000);
    views.accept(GALA, 0, 0, '7.1');
  }
});

test('a clock under the same name, an earlier or an unknown one has jumped', async () => {
  const ambient = createManualAmbient();
  const views = createClockViews(ambient.clock);
  views.agrees(GALA, 0, 0, '7.1');
  for (const name of ['7.1', '7.0', '']) {
    assert.not(views.isSetAnew(GALA, name), name);
    assert.not(views.agrees(GALA, 99_000, 0, name), name);
  }
  assert.not(views.agrees(GALA, 99_000, 0));
});

test.run();
