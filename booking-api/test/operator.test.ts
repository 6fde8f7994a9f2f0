import { DEFAULT_POLICY, POLICY_BOUNDS, type Policy } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { type CheckedClient, done, refused } from './checked-client.ts';
import { smallChart } from './small-chart.ts';

type Context = { kit: ApiKit; operator: CheckedClient; shopper: CheckedClient };

const test = suite<Context>('operator calls');
const event = 'evening-show';
const params = { event };

test.beforeEach(async (context) => {
  context.kit = await startApiKit();
  context.operator = context.kit.client(await context.kit.token('operator'));
  context.shopper = context.kit.client(await context.kit.token());
});
test.afterEach(({ kit }) => kit.stop());

const draft = {
  id: event,
  name: 'An evening show',
  venue: 'The small hall',
  startsAt: '2031-05-01T18:30:00Z',
};

test('an event is created as a draft, with a chart of its own or one that is stored', async ({
  kit,
  operator,
}) => {
  const body = { ...draft, chart: smallChart(), policy: { maxSeats: 4 } };
  const created = done(await operator.call('createEvent', { body }), 201);
  assert.is(created.body.sale, 'draft');
  assert.is(created.body.policy.maxSeats, 4);
  assert.is(created.headers.get('location'), `/v1/events/${event}`);
  refused(await operator.call('createEvent', { body }), 'event.exists');
  const { chartHash } = created.body;
  const again = { ...draft, id: 'matinee', chartHash };
  assert.is(done(await operator.call('createEvent', { body: again }), 201).body.seatCount, 16);
  const unknown = { ...draft, id: 'third', chartHash: '0'.repeat(32) };
  refused(await operator.call('createEvent', { body: unknown }), 'chart.unknown');
  const both = { ...draft, id: 'third', chartHash, chart: smallChart() };
  refused(await operator.call('createEvent', { body: both }), 'request.invalid');
  assert.is((await kit.catalogue.listEvents()).length, 2);
});

test('a policy out of bounds, or whose fresh hold outlasts its total, is refused by its field', async ({
  kit,
  operator,
}) => {
  const { hash: chartHash } = await kit.catalogue.storeChart(smallChart());
  const create = (policy: Partial<Policy>) =>
    operator.call('createEvent', { body: { ...draft, chartHash, policy } });
  const cases: [Partial<Policy>, keyof Policy][] = [
    [{ holdTtlMs: 600_000, maxTotalMs: 599_999 }, 'maxTotalMs'],
    [{ holdTtlMs: DEFAULT_POLICY.maxTotalMs + 1 }, 'maxTotalMs'],
    [{ maxTotalMs: DEFAULT_POLICY.holdTtlMs - 1 }, 'maxTotalMs'],
  ];
  for (const [field, [least, most]] of Object.entries(POLICY_BOUNDS)) {
    const key = field as keyof Policy; // the keys of POLICY_BOUNDS are those of Policy
    cases.push([{ [key]: least - 1 }, key], [{ [key]: most + 1 }, key]);
  }
  for (const [policy, field] of cases) {
    const problem = refused(await create(policy), 'request.invalid');
    assert.is(problem.errors?.[0]?.path, `policy.${field}`, JSON.stringify(policy));
  }
  assert.equal(await kit.catalogue.listEvents(), []);
  const atTheEdge = { holdTtlMs: 600_000, maxTotalMs: 600_000, addressBudgetMs: 0 };
  const { policy } = done(await create(atTheEdge), 201).body;
  assert.equal(policy, { ...DEFAULT_POLICY, ...atTheEdge });
});

test('security 4: in a small hall one address may hold it all for one hold without buying, unless the operator says otherwise', async ({
  kit,
  operator,
}) => {
  const { hash: chartHash } = await kit.catalogue.storeChart(smallChart());
  const { seatCount } = smallChart();
  for (const [id, policy, addressBudgetMs] of [
    ['small', {}, seatCount * DEFAULT_POLICY.holdTtlMs],
    ['quick', { holdTtlMs: 10_000 }, seatCount * 10_000],
    ['chosen', { addressBudgetMs: 9_000_000 }, 9_000_000],
  ] as const) {
    const body = { ...draft, id, chartHash, policy };
    const created = done(await operator.call('createEvent', { body }), 201).body;
    assert.is(created.policy.addressBudgetMs, addressBudgetMs, id);
  }
});

test('a chart that breaks a rule is refused by its place', async ({ operator }) => {
  const chart = { ...smallChart(), seatCount: 17 };
  const problem = refused(
    await operator.call('createEvent', { body: { ...draft, chart } }),
    'chart.invalid',
  );
  assert.is(problem.errors?.[0]?.path, 'seatCount');
});

test('the chart changes only in a draft without blocks; the worker is told', async ({
  kit,
  operator,
}) => {
  await kit.addEvent({ sale: 'draft' });
  const body = smallChart('Another small hall');
  const replaced = done(await operator.call('replaceChart', { params, body, ifMatch: 1 }), 200);
  assert.is(replaced.body.version, 2);
  assert.ok(kit.news.live.length > 0);
  const late = await operator.call('replaceChart', { params, body, ifMatch: 1 });
  refused(late, 'event.precondition');
  // Until the worker has loaded the new chart, the seats still speak of the old one.
  refused(await operator.call('readSeats', { params }), 'event.loading');
  const opening = await operator.call('changeSale', { params, body: { next: 'open' } });
  refused(opening, 'event.loading');
  const [document] = await kit.catalogue.listEvents();
  assert.is(document?.sale, 'draft', 'I5: a refused request changes nothing');
  if (document !== undefined) await kit.load(document);
  const { chartHash } = replaced.body;
  const block = { seats: ['A-1-1'], chartHash };
  done(await operator.call('blockSeats', { params, body: block }), 200);
  refused(await operator.call('replaceChart', { params, body: smallChart() }), 'chart.blocked');
  done(await operator.call('unblockSeats', { params, body: block }), 200);
  done(await operator.call('changeSale', { params, body: { next: 'open' } }), 200);
  refused(await operator.call('replaceChart', { params, body: smallChart() }), 'chart.pinned');
});

test('I5: a chart that is replaced while seats of the old one are being blocked: one of the two is refused', async ({
  kit,
  operator,
}) => {
  const { id, chartHash } = await kit.addEvent({ sale: 'draft' });
  const { catalogue } = kit;
  const block = () =>
    operator.call('blockSeats', { params, body: { seats: ['A-1-1'], chartHash } });
  const replace = () => operator.call('replaceChart', { params, body: smallChart('Another hall') });

  const { updateEvent, addBlocks } = catalogue;
  catalogue.updateEvent = async (...given) => {
    catalogue.updateEvent = updateEvent;
    done(await block(), 200);
    return updateEvent.apply(catalogue, given);
  };
  refused(await replace(), 'chart.blocked');
  assert.equal(await catalogue.listBlocks(id), [0]);
  assert.is((await catalogue.readEvent(id))?.chartHash, chartHash);
  done(await operator.call('unblockSeats', { params, body: { seats: ['A-1-1'], chartHash } }), 200);

  catalogue.addBlocks = async (...given) => {
    catalogue.addBlocks = addBlocks;
    done(await replace(), 200);
    return addBlocks.apply(catalogue, given);
  };
  refused(await block(), 'chart.changed');
  assert.equal(await catalogue.listBlocks(id), []);
  const replaced = await catalogue.readEvent(id);
  assert.is.not(replaced?.chartHash, chartHash);
  if (replaced !== null) await kit.load(replaced);
  const stats = done(await operator.call('readStats', { params }), 200).body;
  assert.is(stats.seats.blocked, 0);
});

test('the sale goes its documented steps only, with If-Match on the version', async ({
  kit,
  operator,
  shopper,
}) => {
  const { chartHash } = await kit.addEvent({ sale: 'draft' });
  const change = (next: 'draft' | 'open' | 'paused' | 'closed', ifMatch?: number) =>
    operator.call('changeSale', {
      params,
      body: { next },
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
  refused(await change('paused'), 'sale.illegal');
  refused(await change('open', 9), 'event.precondition');
  assert.is(done(await change('open', 1), 200).headers.get('etag'), '"2"');
  assert.is(done(await change('open'), 200).body.version, 2, 'repeated: no change');
  done(await change('paused'), 200);
  const body = { seats: ['A-1-1'], chartHash };
  const problem = refused(await shopper.call('placeHold', { params, body }), 'sale.closed');
  assert.is(problem.sale, 'paused');
  done(await change('open'), 200);
  done(await shopper.call('placeHold', { params, body }), 201);
  done(await change('closed'), 200);
  assert.is(refused(await change('open'), 'sale.illegal').sale, 'closed');
});

test('block takes free seats, lists held ones back, and revokes only when asked', async ({
  kit,
  operator,
  shopper,
}) => {
  const document = await kit.addEvent();
  const { chartHash } = document;
  const held = { seats: ['A-1-1'], chartHash };
  const hold = done(await shopper.call('placeHold', { params, body: held }), 201).body;
  const body = { seats: ['A-1-1', 'A-1-2'], chartHash };
  const first = done(await operator.call('blockSeats', { params, body }), 200).body;
  assert.equal(first.changed, ['A-1-2']);
  assert.equal(first.refused, [{ label: 'A-1-1', state: 'held' }]);
  assert.equal(await kit.catalogue.listBlocks(document.id), [1]);
  const forced = { ...body, revokeHolds: true };
  const second = done(await operator.call('blockSeats', { params, body: forced }), 200).body;
  assert.equal([second.changed, second.revokedHolds], [['A-1-1'], 1]);
  assert.equal(await kit.catalogue.listBlocks(document.id), [0, 1]);
  assert.equal(
    kit.news.notices.map(({ notice }) => [notice.kind, notice.hold]),
    [['hold.revoked', hold.id]],
  );
  const stats = done(await operator.call('readStats', { params }), 200).body;
  assert.equal(stats.seats, { available: 14, held: 0, booked: 0, blocked: 2 });
  assert.equal(
    stats.sections.map(({ id, blocked }) => [id, blocked]),
    [
      ['A', 2],
      ['B', 0],
    ],
  );
  done(await operator.call('unblockSeats', { params, body }), 200);
  assert.equal(await kit.catalogue.listBlocks(document.id), []);
  done(await shopper.call('placeHold', { params, body: held }), 201);
});

test("an operator ends a hold: its owner is told, the seat is free, nobody else's changes", async ({
  kit,
  operator,
  shopper,
}) => {
  const { chartHash } = await kit.addEvent();
  const body = { seats: ['A-1-1'], chartHash };
  const { id } = done(await shopper.call('placeHold', { params, body }), 201).body;
  const call = { params: { event, hold: id } };
  assert.is(done(await operator.call('revokeHold', call), 200).body.status, 'revoked');
  assert.is(done(await operator.call('revokeHold', call), 200).body.status, 'revoked');
  assert.equal(
    kit.news.notices.map(({ owner }) => owner),
    ['shopper-1'],
  );
  const unknown = { params: { event, hold: `${event}.${'A'.repeat(22)}` } };
  refused(await operator.call('revokeHold', unknown), 'hold.unknown');
});

test('what operators do is in the log, by a hash of who', async ({ kit, operator }) => {
  await kit.addEvent();
  await operator.call('changeSale', { params, body: { next: 'draft' } });
  const line = kit.logs.map((text) => JSON.parse(text)).find(({ audit }) => audit === 'operator');
  assert.is(line.action, 'changeSale');
  assert.is(line.outcome, 'sale.illegal');
  assert.equal(line.on, { event });
  assert.match(line.operatorHash, /^[0-9a-f]{16}$/);
});

test.run();
