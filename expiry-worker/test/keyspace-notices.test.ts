import { alarmKey } from '@holdfast/db/redis';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { eventOfAlarmKey } from '../src/keyspace-notices.ts';
import { GALA, numberedHold } from './rig.ts';

const test = suite('keyspace notices');
const HOLD = numberedHold(GALA, 1);

test('the end of an alarm key names its event', () => {
  assert.is(eventOfAlarmKey(alarmKey(GALA, HOLD)), GALA);
});

test('row 15: every other key that may expire is no hint', () => {
  const others = [
    '',
    'alarm',
    `{gala}:lock:seat:1`,
    `{gala}:alarm:`,
    `{gala}:alarm:hold`,
    `{matinee}:alarm:${HOLD}`,
    `x{gala}:alarm:${HOLD}`,
    `{gala}:alarm:${HOLD}\n`,
    `{__proto__}:alarm:${HOLD}`,
    `{gala}:alarm:${HOLD}${'x'.repeat(10_000)}`,
  ];
  assert.equal(
    others.map(eventOfAlarmKey),
    others.map(() => null),
  );
});

test.run();
