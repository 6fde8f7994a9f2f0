import {
  createModelHoldStore,
  eventId,
  type HoldRecord,
  type ModelHoldStore,
} from '@holdfast/db/model';
import { networkOf } from '@holdfast/infra/runtime';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { Problem } from '../src/contract/door.ts';
import { sha256 } from '../src/edge/idempotency.ts';
import type { SeatReader } from '../src/events/seat-reader.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

const test = suite<World>('security 4: seats that are held but not bought');
const event = 'evening-show';
const EVENT = eventId(event);
const POLICY = {
  holdTtlMs: 60_000,
  extendMs: 60_000,
  maxTotalMs: 600_000,
  maxSeats: 8,
  ownerBudgetMs: 720_000,
  addressBudgetMs: 300_000,
  budgetRefillMs: 3_600_000,
};

type World = {
  kit: ApiKit;
  store: ModelHoldStore;
  chartHash: string;
  nowMs: number;
};

/** The machine itself is asked each time: expiry here is told to nobody's map. */
const WITHOUT_MAP: SeatReader = {
  project: async () => null,
  peek: () => null,
  feed: () => undefined,
};

test.beforeEach(async (world) => {
  world.nowMs = 1_900_000_000_000;
  world.store = createModelHoldStore({ nowMs: () => world.nowMs });
  world.kit = await startApiKit({
    store: world.store,
    settings: { trustedProxyHops: 1 },
    perApi: () => ({ reader: WITHOUT_MAP }),
  });
  world.chartHash = (await world.kit.addEvent({ policy: POLICY })).chartHash;
});
test.afterEach(({ kit }) => kit.stop());

/** Places as `subject` over a trusted proxy that says where the call came from. */
async function place(
  { kit, chartHash }: World,
  subject: string,
  seats: readonly string[],
  forwarded = '192.0.2.1',
) {
  const token = await kit.token('shopper', subject);
  const headers = { 'x-forwarded-for': forwarded };
  return kit
    .client(token)
    .send('POST', `/v1/events/${event}/holds`, { body: { seats, chartHash }, headers });
}

/** Lets the hold go to its deadline. */
async function pass(world: World, ms: number): Promise<void> {
  world.nowMs += ms;
  const trail = { actor: 'test', reason: '', requestId: '', traceId: '' } as const;
  await world.store.expireDue(EVENT, { seen: null, only: null, trail });
}

async function counted({ kit }: World, name: string): Promise<number> {
  const values = (await kit.registries[0]?.getSingleMetric(name)?.get())?.values ?? [];
  return values.reduce((sum, { value }) => sum + value, 0);
}

const FOUR = ['A-1-1', 'A-1-2', 'A-1-3', 'A-1-4'];

test('holds become shorter, then are refused with 429, what is allowed now, and when it will be better', async (world) => {
  const lengths: number[] = [];
  let last = await place(world, 'spinner', FOUR);
  while (last.status === 201) {
    lengths.push((last.json() as { remainingMs: number }).remainingMs);
    await pass(world, 60_000);
    const seats = lengths.length < 3 ? FOUR : ['A-1-1'];
    last = await place(world, 'spinner', seats, `198.51.100.${lengths.length}`);
  }
  assert.equal([...new Set(lengths)], [60_000, 30_000, 15_000], lengths.join());
  const problem = last.json() as Problem;
  assert.equal([last.status, problem.code, problem.mostSeats], [429, 'budget.spent', 0]);
  const seconds = Number(last.headers.get('retry-after'));
  assert.is(seconds, Math.ceil((problem.retryAfterMs ?? 0) / 1_000));
  assert.match(
    problem.detail,
    /^You have held seats for long without buying them; for now no more/,
  );
  assert.is(
    await counted(world, 'holds_shortened_total'),
    lengths.length - lengths.lastIndexOf(60_000) - 1,
  );
  assert.is(await counted(world, 'holds_over_budget_total'), 1);
  await pass(world, seconds * 1_000);
  assert.is((await place(world, 'spinner', ['A-1-1'])).status, 201);
});

test('too many seats for what is left are refused with the number that is allowed', async (world) => {
  for (let round = 0; round < 2; round += 1) {
    assert.is((await place(world, 'spinner', FOUR, `198.51.100.${round}`)).status, 201);
    await pass(world, 60_000);
  }
  const five = [...FOUR, 'A-1-5'];
  const answer = await place(world, 'spinner', five);
  const problem = answer.json() as Problem;
  assert.equal([answer.status, problem.mostSeats], [429, 4]);
  assert.match(problem.detail, /for now a hold may have at most 4\.$/);
});

test('shoppers behind one address share its budget, whatever they claim about others in front', async (world) => {
  const statuses: number[] = [];
  for (let shopper = 0; !statuses.includes(429) && shopper < 40; shopper += 1) {
    const forwarded = `203.0.113.${shopper}, 192.0.2.1`;
    statuses.push((await place(world, `shopper-${shopper}`, ['A-1-1'], forwarded)).status);
    if (statuses.at(-1) !== 429) await pass(world, 60_000);
  }
  assert.ok(statuses.includes(429), statuses.join());
  const refusal = (await place(world, 'one-more', ['A-1-1'])).json() as Problem;
  assert.match(refusal.detail, /^From your network seats were held for long without buying them/);
  assert.is((await place(world, 'elsewhere', ['A-1-1'], '192.0.2.2')).status, 201);
});

test('a /64 of IPv6 is one address', async (world) => {
  await place(world, 'one', ['A-1-1'], '2001:db8:1:2::1');
  await place(world, 'two', ['A-1-2'], '2001:db8:1:2:ffff::9');
  await place(world, 'three', ['A-1-3'], '2001:db8:1:3::1');
  assert.is(new Set(holdsOf(world).map(({ addressHash }) => addressHash)).size, 2);
});

test('privacy: what is kept of an address is a keyed hash, which nobody finds by trying all addresses', async (world) => {
  await place(world, 'one', ['A-1-1'], '192.0.2.77');
  const [hold] = holdsOf(world);
  assert.match(hold?.addressHash ?? '', /^[0-9a-f]{16}$/);
  assert.ok(!sha256(networkOf('192.0.2.77')).startsWith(hold?.addressHash ?? ''));
  const kept = JSON.stringify([[...world.store.state(EVENT).budgets], holdsOf(world)]);
  assert.not.match(kept, '192.0.2.77');
  for (const line of world.kit.logs) assert.not.match(line, '192.0.2.77');
});

test('more time and more seats for a spent budget are 429 with the hold as it is; giving back goes on', async ({
  kit,
}) => {
  const tiny = { ...POLICY, ownerBudgetMs: 100_000 };
  const { id: show, chartHash } = await kit.addEvent({ id: 'tiny', policy: tiny });
  const client = kit.client(await kit.token('shopper', 'spinner'));
  const seats = ['A-2-1', 'A-2-2'];
  const placed = await client.call('placeHold', {
    params: { event: show },
    body: { seats, chartHash },
  });
  const { id, rev } = done(placed, 201).body;
  const of = { params: { event: show, hold: id } };
  const more = await client.call('amendHold', { ...of, body: { rev, add: ['A-2-3'], chartHash } });
  assert.is(refused(more, 'budget.spent').hold?.id, id);
  const longer = await client.call('extendHold', { ...of, body: { rev } });
  assert.is(refused(longer, 'budget.spent').hold?.rev, rev);
  done(await client.call('releaseHold', of), 200);
});

function holdsOf({ store }: World): HoldRecord[] {
  return [...store.state(EVENT).holds.values()];
}

test.run();
