import { CatalogueError } from '@holdfast/db/catalogue';
import {
  createModelHoldStore,
  type HoldStore,
  StoreUnavailableError,
  StoreUnsettledError,
} from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { type CheckedClient, done, refused } from './checked-client.ts';

/** What happens to the next calls of a store: its reply is lost, or it is not reached. */
type Trouble = 'reply lost' | 'not reached';
type Context = {
  kit: ApiKit;
  chartHash: string;
  troubles: Trouble[];
  shopper: CheckedClient;
  operator: CheckedClient;
};

const test = suite<Context>('I5: refused changes nothing, unsettled is 202');
const event = 'evening-show';
const params = { event };

test.beforeEach(async (context) => {
  context.troubles = [];
  const store = createModelHoldStore({ nowMs: () => Date.now() });
  context.kit = await startApiKit({ store: troubled(store, context.troubles) });
  const { chartHash } = await context.kit.addEvent();
  context.chartHash = chartHash;
  context.shopper = context.kit.client(await context.kit.token());
  context.operator = context.kit.client(await context.kit.token('operator'));
});
test.afterEach(({ kit }) => kit.stop());

const TROUBLED = new Set<string>([
  'place',
  'amend',
  'extend',
  'release',
  'block',
  'revoke',
  'sale',
]);

/** A store between which and its callers connections break. */
function troubled(store: HoldStore, troubles: Trouble[]): HoldStore {
  return new Proxy(store, {
    get: (target, key: keyof HoldStore) => {
      const trouble = TROUBLED.has(key) ? troubles.shift() : undefined;
      if (trouble === undefined) return target[key];
      return async (...given: never[]) => {
        if (trouble === 'not reached')
          throw new StoreUnavailableError('ECONNREFUSED 10.0.0.7:6379');
        // Any of the store's calls, whose arguments are passed on as they are.
        await (target[key] as (...args: never[]) => Promise<unknown>)(...given);
        throw new StoreUnsettledError('the reply was lost');
      };
    },
  });
}

test('one lost reply is made good: the command is sent again under the same id', async (context) => {
  const { kit, shopper, chartHash, troubles } = context;
  troubles.push('reply lost');
  const body = { seats: ['A-1-1'], chartHash };
  const hold = done(await shopper.call('placeHold', { params, body }), 201).body;
  const mine = done(await shopper.call('listHolds', { params }), 200).body.holds;
  assert.equal(
    mine.map(({ id }) => id),
    [hold.id],
  );
  assert.equal(kit.news.published, [], 'the lost reply carried the news; readers pull the feed');
});

test('two lost replies are 202 with the address where the truth will be', async (context) => {
  const { shopper, chartHash, troubles } = context;
  troubles.push('reply lost', 'reply lost');
  const body = { seats: ['A-1-1'], chartHash };
  const call = { params, body, idempotencyKey: 'tap-1' };
  const pending = done(await shopper.call('placeHold', call), 202);
  const { id, status } = pending.body;
  assert.is(status, 'pending');
  assert.is(pending.headers.get('location'), `/v1/events/${event}/holds/${id}`);
  assert.is(pending.headers.get('retry-after'), '1');
  const found = await shopper.call('readHold', { params: { event, hold: id } });
  assert.is(done(found, 200).body.status, 'held');
  assert.is(done(await shopper.call('placeHold', call), 201).body.id, id);
});

test('a lost reply and then no server is still 202: the first sending is open', async (context) => {
  const { shopper, chartHash, troubles } = context;
  troubles.push('reply lost', 'not reached');
  const body = { seats: ['A-1-1'], chartHash };
  done(await shopper.call('placeHold', { params, body }), 202);
});

test('security 19, I5: a store that was never reached is 503, says nothing of it, and nothing has changed', async (context) => {
  const { kit, shopper, chartHash, troubles } = context;
  troubles.push('not reached');
  const body = { seats: ['A-1-1'], chartHash };
  const result = await shopper.call('placeHold', { params, body });
  const problem = refused(result, 'store.unavailable');
  assert.not.match(JSON.stringify(problem), /ECONNREFUSED|10\.0\.0\.7/);
  assert.is(result.kind === 'refused' && result.headers.get('retry-after'), '1');
  assert.equal(done(await shopper.call('listHolds', { params }), 200).body.holds, []);
  assert.match(kit.logs.join(''), 'ECONNREFUSED');
});

test('a question whose answer was lost is 503, never a fault of ours', async ({ kit, shopper }) => {
  kit.store.readHold = () => Promise.reject(new StoreUnsettledError('the reply was lost'));
  refused(await shopper.call('listHolds', { params }), 'store.unavailable');
});

test('changes of a hold are pending in the same way', async (context) => {
  const { shopper, chartHash, troubles } = context;
  const body = { seats: ['A-1-1'], chartHash };
  const { id } = done(await shopper.call('placeHold', { params, body }), 201).body;
  const own = { params: { event, hold: id } };
  const lost = (): number => troubles.push('reply lost', 'reply lost');
  lost();
  const amendment = { rev: 1, add: ['A-1-2'], chartHash };
  const add = { ...own, body: amendment, idempotencyKey: 'add-1' };
  done(await shopper.call('amendHold', add), 202);
  assert.is(done(await shopper.call('amendHold', add), 200).body.rev, 2);
  lost();
  const longer = { ...own, body: { rev: 2 }, idempotencyKey: 'extend-1' };
  done(await shopper.call('extendHold', longer), 202);
  assert.is(done(await shopper.call('extendHold', longer), 200).body.rev, 3);
  lost();
  done(await shopper.call('releaseHold', own), 202);
  assert.is(done(await shopper.call('releaseHold', own), 200).body.status, 'released');
});

test('a block that the catalogue did not take is 202; the same request again completes it', async (context) => {
  const { kit, operator, chartHash } = context;
  const { catalogue } = kit;
  const { addBlocks } = catalogue;
  catalogue.addBlocks = () => Promise.reject(new CatalogueError('catalogue.busy', 'locked'));
  const body = { seats: ['A-1-1'], chartHash };
  done(await operator.call('blockSeats', { params, body }), 202);
  catalogue.addBlocks = addBlocks;
  const again = done(await operator.call('blockSeats', { params, body }), 200).body;
  assert.equal(again.changed, [], 'blocked in Redis before');
  const [document] = await kit.catalogue.listEvents();
  if (document === undefined) return assert.unreachable('the event is gone');
  assert.equal(await kit.catalogue.listBlocks(document.id), [0]);
});

test('a sale that Redis did not take is 202: the document leads, the same request follows up', async (context) => {
  const { kit, operator, shopper, chartHash, troubles } = context;
  troubles.push('not reached');
  const pause = { params, body: { next: 'paused' as const } };
  done(await operator.call('changeSale', pause), 202);
  const [document] = await kit.catalogue.listEvents();
  assert.is(document?.sale, 'paused');
  done(await operator.call('changeSale', pause), 200);
  const body = { seats: ['A-1-1'], chartHash };
  refused(await shopper.call('placeHold', { params, body }), 'sale.closed');
});

test('security 19: an error nobody foresaw is 500 with the request id and nothing else', async (context) => {
  const { kit, shopper, chartHash } = context;
  kit.store.place = () => Promise.reject(new Error('WRONGTYPE at {evening-show}:seats'));
  const result = await shopper.call('placeHold', {
    params,
    body: { seats: ['A-1-1'], chartHash },
  });
  const problem = refused(result, 'server.fault');
  assert.not.match(JSON.stringify(problem), /WRONGTYPE|\.ts|stack/);
  const requestId = problem.instance.replace('urn:holdfast:request:', '');
  const line = kit.logs.map((text) => JSON.parse(text)).find(({ status }) => status === 500);
  assert.is(line.requestId, requestId);
  assert.match(line.err.message, 'WRONGTYPE');
});

test.run();
