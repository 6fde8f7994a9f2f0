import { type EventHead, type FeedEntry, nextChain } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { ARCHIVE_RUN_RECORDS, type ArchiveFeed, createArchiveFeed } from '../src/archive-feed.ts';
import { createLoadEvent } from '../src/load-event.ts';
import { CHART_HASH, createRig, GALA, LOGGER, openLock, type Rig, showOf } from './rig.ts';

const test = suite<Rig>('feed archive');
const KEPT = 500;
const RECORDS = 3_200;

test.beforeEach(async (given) => {
  Object.assign(given, await createRig());
  await given.catalogue.createEvent(showOf());
  const { store, catalogue, ambient } = given;
  const parts = { store, catalogue, lock: openLock, random: ambient.random, logger: LOGGER };
  await createLoadEvent(parts)(GALA);
});

test.afterEach(({ drop }) => drop());

function archive({ store, catalogue }: Rig): ArchiveFeed {
  return createArchiveFeed({ store, catalogue, logger: LOGGER, keptRecords: KEPT });
}

async function headOf({ store }: Rig): Promise<EventHead> {
  const [head] = await store.heads([GALA]);
  if (head == null) throw new Error('the event is not open');
  return head;
}

/** Writes `count` records: one seat blocked and unblocked in turns. */
async function writeRecords({ store }: Rig, count: number): Promise<void> {
  const trail = { actor: 'test', reason: '', requestId: '', traceId: '' } as const;
  for (let at = 0; at < count; at += 1) {
    const command = { seats: [1], chartHash: CHART_HASH, revokeHolds: false, trail };
    if (at % 2 === 1) await store.unblock(GALA, command);
    else await store.block(GALA, command);
  }
}

/** Whether archive and Redis together still are one unbroken feed. */
async function wholeFeed({ store, catalogue }: Rig, epoch: string): Promise<FeedEntry[]> {
  const archived = await catalogue.readFeed(GALA, epoch);
  const end = archived.at(-1)?.offset ?? 0;
  const entries = [...archived, ...store.state(GALA).feed.filter(({ offset }) => offset > end)];
  let chain = '0'.repeat(16);
  for (const [at, entry] of entries.entries()) {
    assert.is(entry.offset, at + 1);
    assert.is(entry.chain, nextChain(chain, entry.line));
    chain = entry.chain;
  }
  return entries;
}

test('records beyond the kept ones are archived before they are trimmed; none is lost', async (given) => {
  await writeRecords(given, RECORDS);
  const head = await headOf(given);
  await archive(given)(GALA, head);
  const left = given.store.state(GALA).feed.length;
  assert.ok(left >= KEPT && left <= KEPT + ARCHIVE_RUN_RECORDS, `${left} records left`);
  assert.is((await wholeFeed(given, head.position.epoch)).length, RECORDS);
});

test('a worker that starts later goes on where the archive ends', async (given) => {
  await writeRecords(given, RECORDS);
  await archive(given)(GALA, await headOf(given));
  await writeRecords(given, RECORDS);
  const head = await headOf(given);
  await archive(given)(GALA, head);
  assert.is((await wholeFeed(given, head.position.epoch)).length, 2 * RECORDS);
});

test('two workers archive the same runs, each offset once', async (given) => {
  await writeRecords(given, RECORDS);
  const head = await headOf(given);
  await Promise.all([archive(given)(GALA, head), archive(given)(GALA, head)]);
  assert.is((await wholeFeed(given, head.position.epoch)).length, RECORDS);
});

test('a worker that others have overtaken goes on where their archive ends', async (given) => {
  const [mine, others] = [archive(given), archive(given)];
  await writeRecords(given, RECORDS);
  await mine(GALA, await headOf(given));
  await writeRecords(given, RECORDS);
  await others(GALA, await headOf(given));
  await writeRecords(given, RECORDS);
  await mine(GALA, await headOf(given));
  const left = given.store.state(GALA).feed.length;
  assert.ok(left <= KEPT + ARCHIVE_RUN_RECORDS, `${left} records left`);
  const { position } = await headOf(given);
  assert.is((await wholeFeed(given, position.epoch)).length, 3 * RECORDS);
});

test('a renewed epoch goes on with the same feed', async (given) => {
  await writeRecords(given, RECORDS);
  const before = await headOf(given);
  const keep = archive(given);
  await keep(GALA, before);
  await given.store.newEpoch(GALA, { seenEpoch: before.position.epoch });
  await writeRecords(given, RECORDS);
  const after = await headOf(given);
  await keep(GALA, after);
  const first = await given.catalogue.readFeed(GALA, before.position.epoch);
  const second = await given.catalogue.readFeed(GALA, after.position.epoch);
  assert.is(second[0]?.prev, first.at(-1)?.chain);
  assert.is(given.store.state(GALA).feed[0]?.chain, second.at(-1)?.chain);
});

test('an event that was loaded anew has a feed of its own', async (given) => {
  await given.catalogue.updateEvent(showOf({ version: 2, sale: 'draft' }), 1);
  await writeRecords(given, RECORDS);
  const keep = archive(given);
  await keep(GALA, await headOf(given));
  await reload(given);
  for (const records of [RECORDS / 2, RECORDS]) {
    await writeRecords(given, records);
    await keep(GALA, await headOf(given));
  }
  const { position } = await headOf(given);
  assert.is((await wholeFeed(given, position.epoch)).length, RECORDS * 1.5);
});

/** What a Redis that lost everything and a worker that loads it amount to. */
async function reload(given: Rig): Promise<void> {
  const fresh = await createRig();
  Object.assign(given.store.state(GALA), fresh.store.state(GALA));
  await fresh.drop();
  const { seatCount, policy, version } = showOf();
  await given.ambient.advance(1_000);
  const source = { chartHash: CHART_HASH, seatCount, policy, version, sale: 'open' } as const;
  await given.store.loadBegin(GALA, { token: 'again', ...source });
  await given.store.loadEnd(GALA, { token: 'again' });
}

test.run();
