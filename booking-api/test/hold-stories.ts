import type { Ambient, HoldStore } from '@holdfast/db/model';
import { realAmbient } from '@holdfast/infra/runtime';
import { type Suite, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { Hold } from '../src/contract/door.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { type CheckedClient, done, refused } from './checked-client.ts';
import { type Vote, votingLock } from './voting-lock.ts';

/** A store whose time the test moves; the API's own clock goes with it, as in a world where time passes. */
export type StoryStore = {
  readonly store: HoldStore;
  advance(ms: number): Promise<void>;
};

type Context = {
  kit: ApiKit;
  chartHash: string;
  time: StoryStore;
  /** How far time was moved. */
  aheadMs: number;
  shoppers: number;
};

const event = 'evening-show';

/**
 * What a shopper can do with a hold, told against a store: the model and Redis must agree, and the
 * lock must make no difference, because the transition decides.
 */
export function tellHoldStories(
  name: string,
  makeStore: () => Promise<StoryStore>,
  cleanUp: () => Promise<void> = async () => undefined,
): void {
  tellUnderLock(name, 'never grants', makeStore);
  tellUnderLock(name, 'always grants', makeStore, cleanUp);
}

function tellUnderLock(
  name: string,
  vote: Vote,
  makeStore: () => Promise<StoryStore>,
  cleanUp: () => Promise<void> = async () => undefined,
): void {
  const test = suite<Context>(`${name}: the transition decides, under a lock that ${vote}`);
  test.beforeEach(async (context) => {
    context.shoppers = 0;
    context.time = await makeStore();
    const { store } = context.time;
    const ambient = aheadBy(() => context.aheadMs);
    context.aheadMs = 0;
    context.kit = await startApiKit({
      ...{ store, lock: votingLock(vote) },
      perApi: () => ({ ambient }),
    });
    const { chartHash } = await context.kit.addEvent({ policy: { maxExtensions: 2 } });
    context.chartHash = chartHash;
  });
  test.afterEach(({ kit }) => kit.stop());
  test.after(cleanUp);
  tellPlacing(test);
  tellChoosing(test);
  tellChanging(test);
  tellRefusing(test);
  tellEnding(test);
  test.run();
}

function aheadBy(aheadMs: () => number): Ambient {
  const real = realAmbient();
  const { wallMs, monotonicMs } = real.clock;
  return {
    ...real,
    clock: { wallMs: () => wallMs() + aheadMs(), monotonicMs: () => monotonicMs() + aheadMs() },
  };
}

async function pass(context: Context, ms: number): Promise<void> {
  context.aheadMs += ms;
  await context.time.advance(ms);
}

/** A hold without what passes by itself. */
function atRest({ at: _, remainingMs: __, ...hold }: Hold): Partial<Hold> {
  return hold;
}

async function shopper(context: Context): Promise<CheckedClient> {
  context.shoppers += 1;
  return context.kit.client(await context.kit.token('shopper', `shopper-${context.shoppers}`));
}

async function place(
  client: CheckedClient,
  chartHash: string,
  seats: string[],
  idempotencyKey?: string,
): Promise<Hold> {
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  const call = { params: { event }, body: { seats, chartHash }, ...key };
  return done(await client.call('placeHold', call), 201).body;
}

function tellPlacing(test: Suite<Context>): void {
  test('security 9, I5: the same Idempotency-Key gives the first answer again, another body is 422', async (context) => {
    const { kit, chartHash } = context;
    const client = await shopper(context);
    const first = await place(client, chartHash, ['A-1-1'], 'tap-1');
    const again = await place(client, chartHash, ['A-1-1'], 'tap-1');
    assert.equal(atRest(again), atRest(first));
    const other = {
      params: { event },
      body: { seats: ['A-1-2'], chartHash },
      idempotencyKey: 'tap-1',
    };
    refused(await client.call('placeHold', other), 'idempotency.mismatch');
    assert.is(kit.news.published.length, 1, 'one transition, one delta');
  });

  test("security 9: another owner's equal Idempotency-Key is a new request", async (context) => {
    const { chartHash } = context;
    const first = await place(await shopper(context), chartHash, ['A-1-1'], 'tap-1');
    const second = await place(await shopper(context), chartHash, ['A-1-2'], 'tap-1');
    assert.is.not(second.id, first.id);
  });

  test('known-taken seats are refused without the script, and the map follows own changes at once', async (context) => {
    const { kit, chartHash } = context;
    const first = await shopper(context);
    // Two reads: the first begins to follow the event.
    await first.call('readSeats', { params: { event } });
    await place(first, chartHash, ['A-1-1']);
    const { store } = kit;
    let asked = 0;
    const original = store.place;
    store.place = (...given) => {
      asked += 1;
      return original(...given);
    };
    const second = await shopper(context);
    const body = { seats: ['A-1-1'], chartHash };
    const problem = refused(
      await second.call('placeHold', { params: { event }, body }),
      'seats.unavailable',
    );
    assert.equal(problem.seats, [{ label: 'A-1-1', state: 'held', mine: false }]);
    assert.is(asked, 0);
    refused(await first.call('placeHold', { params: { event }, body }), 'hold.exists');
    assert.is(asked, 1, 'who has a basket is answered by the machine');
  });
}

function tellChoosing(test: Suite<Context>): void {
  test('labels of another chart are refused before anything is asked of them', async (context) => {
    const client = await shopper(context);
    const chartHash = '0'.repeat(32);
    const body = { seats: ['A-1-1'], chartHash };
    refused(await client.call('placeHold', { params: { event }, body }), 'chart.changed');
  });

  test('security 8, I5: unknown labels and labels named twice are told by their place', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const unknown = { seats: ['A-1-1', 'Z-9-9'], chartHash };
    const first = await client.call('placeHold', { params: { event }, body: unknown });
    assert.is(refused(first, 'seats.unknown').errors?.[0]?.path, 'seats[1]');
    const twice = { seats: ['A-1-1', 'A-1-2', 'A-1-1'], chartHash };
    const second = await client.call('placeHold', { params: { event }, body: twice });
    assert.is(refused(second, 'request.invalid').errors?.[0]?.path, 'seats[2]');
  });

  test('security 8, I5: more seats than the policy allows are refused', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const seats = ['1', '2', '3', '4', '5'].flatMap((number) => [`A-1-${number}`, `A-2-${number}`]);
    const body = { seats: seats.slice(0, 9), chartHash };
    refused(await client.call('placeHold', { params: { event }, body }), 'seats.too-many');
  });
}

function tellChanging(test: Suite<Context>): void {
  test('PATCH adds and drops in one step, keeps the deadline and prices anew', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const hold = await place(client, chartHash, ['A-1-1', 'A-1-2']);
    const params = { event, hold: hold.id };
    const body = { rev: 1, add: ['B-1-1'], drop: ['A-1-1'], chartHash };
    const amended = done(await client.call('amendHold', { params, body }), 200).body;
    assert.equal(amended.seats, ['A-1-2', 'B-1-1']);
    assert.is(amended.rev, 2);
    assert.is(amended.quote.total, 6_500);
    assert.is(amended.deadline, hold.deadline);
    assert.is(amended.position.offset, hold.position.offset + 1);
  });

  test('security 9: a re-sent PATCH with its key is answered with the hold as it is now, never 409', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const { id } = await place(client, chartHash, ['A-1-1']);
    const body = { rev: 1, add: ['A-1-2'], chartHash };
    const call = { params: { event, hold: id }, body, idempotencyKey: 'add-2' };
    const first = done(await client.call('amendHold', call), 200).body;
    assert.equal(atRest(done(await client.call('amendHold', call), 200).body), atRest(first));
    const other = { ...call, body: { rev: 1, add: ['A-1-3'], chartHash } };
    refused(await client.call('amendHold', other), 'idempotency.mismatch');
  });

  test('dropping the last seat releases the hold', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const { id } = await place(client, chartHash, ['A-1-1']);
    const body = { rev: 1, drop: ['A-1-1'], chartHash };
    const result = await client.call('amendHold', { params: { event, hold: id }, body });
    assert.is(done(result, 200).body.status, 'released');
  });

  test('extending moves the deadline until the policy says no', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const hold = await place(client, chartHash, ['A-1-1']);
    const params = { event, hold: hold.id };
    await context.time.advance(230_000);
    const extended = done(await client.call('extendHold', { params, body: { rev: 1 } }), 200).body;
    assert.ok(Date.parse(extended.deadline) > Date.parse(hold.deadline));
    assert.is(extended.extensionsLeft, 1);
    done(await client.call('extendHold', { params, body: { rev: 2 } }), 200);
    const problem = refused(
      await client.call('extendHold', { params, body: { rev: 3 } }),
      'extend.limit',
    );
    assert.is(problem.hold?.rev, 3);
  });
}

function tellRefusing(test: Suite<Context>): void {
  test('I5: a refused PATCH changes nothing: what one has is never lost in a swap', async (context) => {
    const { chartHash } = context;
    await place(await shopper(context), chartHash, ['B-1-1']);
    const client = await shopper(context);
    const hold = await place(client, chartHash, ['A-1-1']);
    const params = { event, hold: hold.id };
    const body = { rev: 1, add: ['B-1-1'], drop: ['A-1-1'], chartHash };
    const problem = refused(await client.call('amendHold', { params, body }), 'seats.unavailable');
    assert.equal(problem.seats, [{ label: 'B-1-1', state: 'held', mine: false }]);
    const present = done(await client.call('readHold', { params }), 200).body;
    assert.equal(atRest(present), atRest(hold));
  });

  test('a wrong rev is 409 hold.changed in the body and 412 in If-Match, each with the hold', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const { id } = await place(client, chartHash, ['A-1-1']);
    const params = { event, hold: id };
    const body = { rev: 7, add: ['A-1-2'], chartHash };
    const changed = refused(await client.call('amendHold', { params, body }), 'hold.changed');
    assert.is(changed.hold?.rev, 1);
    const inHeader = { params, body: { add: ['A-1-2'], chartHash }, ifMatch: 7 };
    refused(await client.call('amendHold', inHeader), 'hold.precondition');
    refused(await client.call('extendHold', { params, body: { rev: 7 } }), 'hold.changed');
    refused(await client.call('extendHold', { params, body: {}, ifMatch: 7 }), 'hold.precondition');
    refused(await client.call('releaseHold', { params, ifMatch: 7 }), 'hold.precondition');
    refused(await client.call('extendHold', { params, body: {} }), 'precondition.required');
    const good = { params, body: { add: ['A-1-2'], chartHash }, ifMatch: 1 };
    assert.is(done(await client.call('amendHold', good), 200).body.rev, 2);
  });
}

function tellEnding(test: Suite<Context>): void {
  test('security 6, I3: a released hold is shown as it ended, again and again; it cannot be changed', async (context) => {
    const { kit, chartHash } = context;
    const client = await shopper(context);
    const { id } = await place(client, chartHash, ['A-1-1']);
    const params = { event, hold: id };
    assert.is(done(await client.call('releaseHold', { params }), 200).body.status, 'released');
    assert.is(done(await client.call('releaseHold', { params }), 200).body.status, 'released');
    assert.is(kit.news.published.length, 2);
    refused(await client.call('extendHold', { params, body: { rev: 2 } }), 'hold.ended');
    assert.equal(done(await client.call('listHolds', { params: { event } }), 200).body.holds, []);
  });

  test('security 6: past the deadline changes are hold.overdue', async (context) => {
    const { chartHash } = context;
    const client = await shopper(context);
    const { id } = await place(client, chartHash, ['A-1-1']);
    await pass(context, 240_000);
    const params = { event, hold: id };
    refused(await client.call('extendHold', { params, body: { rev: 1 } }), 'hold.overdue');
    const body = { rev: 1, add: ['A-1-2'], chartHash };
    refused(await client.call('amendHold', { params, body }), 'hold.overdue');
  });

  test('seats of an overdue hold are had at once: exactly that hold ends and its owner is told', async (context) => {
    const { kit, chartHash } = context;
    const slow = await shopper(context);
    const { id } = await place(slow, chartHash, ['A-1-1']);
    await place(await shopper(context), chartHash, ['A-1-5']);
    await pass(context, 240_000);
    const hold = await place(await shopper(context), chartHash, ['A-1-1']);
    assert.is(hold.status, 'held');
    assert.equal(
      kit.news.notices.map(({ owner, notice }) => [owner, notice.kind, notice.hold]),
      [['shopper-1', 'hold.expired', id]],
    );
    const ended = await slow.call('readHold', { params: { event, hold: id } });
    assert.is(done(ended, 200).body.status, 'expired');
  });

  test("security 1, I5: another owner's hold is the same 404 as none, on every verb, and stays as it is", async (context) => {
    const { chartHash } = context;
    const owner = await shopper(context);
    const hold = await place(owner, chartHash, ['A-1-1']);
    const thief = await shopper(context);
    const never = `${event}.${'A'.repeat(22)}`;
    for (const id of [hold.id, never]) {
      const params = { event, hold: id };
      const results = [
        await thief.call('readHold', { params }),
        await thief.call('amendHold', { params, body: { rev: 1, add: ['A-1-2'], chartHash } }),
        await thief.call('extendHold', { params, body: { rev: 1 } }),
        await thief.call('releaseHold', { params }),
      ];
      const shown = results.map((result) => {
        const { instance: _, ...problem } = refused(result, 'hold.unknown');
        return problem;
      });
      assert.is(new Set(shown.map((problem) => JSON.stringify(problem))).size, 1);
    }
    const present = await owner.call('readHold', { params: { event, hold: hold.id } });
    assert.equal(atRest(done(present, 200).body), atRest(hold));
  });
}
