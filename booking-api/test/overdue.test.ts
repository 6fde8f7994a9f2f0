import { createModelHoldStore, NOWHERE } from '@holdfast/db/model';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { rememberTokens } from '../src/edge/remembered-tokens.ts';
import { startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

const test = suite('what passes with time');
const event = 'evening-show';
const params = { event };

test('when the clock has jumped nothing is ended: overdue seats are 409 with Retry-After 1', async () => {
  let nowMs = 1_900_000_000_000;
  const store = createModelHoldStore({ nowMs: () => nowMs });
  const kit = await startApiKit({ store });
  const { chartHash } = await kit.addEvent();
  const body = { seats: ['A-1-1'], chartHash };
  const slow = kit.client(await kit.token('shopper', 'slow-shopper'));
  const { id } = done(await slow.call('placeHold', { params, body }), 201).body;
  nowMs += 300_000;
  store.expireDue = async () => ({
    outcome: 'clock.jumped',
    jumpMs: 300_000,
    shiftMs: 0,
    nowMs,
    position: NOWHERE,
    entries: [],
  });
  const quick = kit.client(await kit.token('shopper', 'quick-shopper'));
  const result = await quick.call('placeHold', { params, body });
  assert.is(refused(result, 'seats.unavailable').retryAfterMs, 1_000);
  assert.is(result.kind === 'refused' && result.headers.get('retry-after'), '1');
  const still = await slow.call('readHold', { params: { event, hold: id } });
  assert.is(done(still, 200).body.status, 'held');
  assert.equal(kit.news.notices, []);
  await kit.stop();
});

test('a proved token is remembered, but never beyond its own end, and a bad one never', async () => {
  const { clock, advance } = createManualAmbient();
  let asked = 0;
  const expiresAtMs = clock.wallMs() + 40_000;
  const tokens = rememberTokens(
    {
      verify: async (token) => {
        asked += 1;
        const isGood = token === 'good' && clock.wallMs() < expiresAtMs;
        // A literal of the form that owner ids have.
        const subject = 'shopper-1' as never;
        return isGood
          ? { ok: true, subject, role: 'shopper', expiresAtMs }
          : { ok: false, code: 'token.invalid' };
      },
    },
    clock,
  );
  for (let time = 0; time < 3; time += 1) assert.ok((await tokens.verify('good')).ok);
  assert.is(asked, 1);
  await advance(30_000);
  assert.ok((await tokens.verify('good')).ok);
  assert.is(asked, 2, 'asked again after half a minute');
  await advance(10_000);
  assert.not((await tokens.verify('good')).ok, 'at its end it is over');
  for (let time = 0; time < 3; time += 1) await tokens.verify('bad');
  assert.is(asked, 6);
});

test.run();
