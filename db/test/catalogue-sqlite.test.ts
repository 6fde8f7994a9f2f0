import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Catalogue, CatalogueError, openSqliteCatalogue } from '@holdfast/db/catalogue';
import { ChartError, chartHash, parseChart } from '@holdfast/db/charts';
import { eventId } from '@holdfast/db/model';
import { suite, testSeed } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { feedRun, ownFolder, showOf, smallChart } from './catalogue-fixtures.ts';

type Given = { file: string; catalogue: Catalogue; drop: () => Promise<void> };

const test = suite<Given>('catalogue on SQLite');
const seed = testSeed('catalogue on SQLite');
const show = eventId('evening-show');
const hash = '0'.repeat(32);

test.beforeEach(async (given) => {
  const { folder, drop } = await ownFolder();
  given.file = join(folder, 'inner', 'catalogue.sqlite');
  given.catalogue = await openSqliteCatalogue(given.file);
  given.drop = drop;
});

test.afterEach(async (given) => {
  await given.catalogue.close();
  await given.drop();
});

test('an event is created once and read back as it was written', async ({ catalogue }) => {
  assert.is(await catalogue.readEvent(show), null);
  assert.is(await catalogue.createEvent(showOf(hash)), 'created');
  assert.is(await catalogue.createEvent(showOf(hash, { name: 'Another' })), 'exists');
  assert.equal(await catalogue.readEvent(show), showOf(hash));
});

test('events are listed by start, then by id', async ({ catalogue }) => {
  const at = (id: string, startsAt: string) => showOf(hash, { id: eventId(id), startsAt });
  await catalogue.createEvent(at('c', '2027-01-01T10:00:00Z'));
  await catalogue.createEvent(at('b', '2027-01-01T10:00:00Z'));
  await catalogue.createEvent(at('a', '2027-02-01T10:00:00Z'));
  const listed = await catalogue.listEvents();
  assert.equal(
    listed.map((event) => event.id),
    ['b', 'c', 'a'],
  );
});

test('an update is stored only on top of the version its writer saw', async ({ catalogue }) => {
  const second = showOf(hash, { sale: 'open', version: 2 });
  assert.is(await catalogue.updateEvent(second, 1), 'unknown');
  await catalogue.createEvent(showOf(hash));
  assert.is(await catalogue.updateEvent(second, 1), 'updated');
  assert.is(await catalogue.updateEvent(second, 1), 'stale');
  assert.equal(await catalogue.readEvent(show), second);
  await rejects(catalogue.updateEvent(showOf(hash, { version: 4 }), 2), 'catalogue.invalid');
});

test('a document that breaks the schema is refused and nothing is stored', async ({
  catalogue,
}) => {
  await rejects(catalogue.createEvent(showOf(hash, { startsAt: 'tomorrow' })), 'catalogue.invalid');
  await rejects(catalogue.createEvent(showOf('not a hash')), 'catalogue.invalid');
  await rejects(catalogue.createEvent(showOf(hash, { name: 'a\nb' })), 'catalogue.invalid');
  await rejects(
    catalogue.addBlocks({ event: show, chartHash: hash }, [1, -1]),
    'catalogue.invalid',
  );
  await rejects(catalogue.appendFeed(show, 'x', feedRun(1, 2)), 'catalogue.invalid');
  await rejects(catalogue.appendFeed(show, '1', feedRun(1, 2).reverse()), 'catalogue.invalid');
  assert.equal(await catalogue.listEvents(), []);
  assert.equal(await catalogue.listBlocks(show), []);
});

test('a chart is immutable under the hash of its text', async ({ catalogue, file }) => {
  const first = await catalogue.storeChart(smallChart());
  assert.equal(await catalogue.storeChart(smallChart()), first);
  assert.is(first.hash, chartHash(first.text));
  assert.match(first.hash, /^[0-9a-f]{32}$/);
  assert.is(await catalogue.readChartText(first.hash), first.text);
  assert.equal(parseChart(first.text), smallChart());
  assert.is(await catalogue.readChartText(hash), null);
  const behind = new DatabaseSync(file);
  behind.exec(`UPDATE charts SET body = replace(body, '4500', '0')`);
  behind.close();
  await rejects(catalogue.readChartText(first.hash), 'catalogue.corrupt');
});

test('a chart that breaks a rule is not stored', async ({ catalogue }) => {
  const broken = { ...smallChart(), seatCount: 4 };
  try {
    await catalogue.storeChart(broken);
    assert.unreachable('stored a chart whose seats do not add up');
  } catch (error) {
    assert.instance(error, ChartError);
  }
});

test('a document damaged behind our back is named, never passed on', async (given) => {
  await given.catalogue.createEvent(showOf(hash));
  const behind = new DatabaseSync(given.file);
  behind.exec(`UPDATE events SET body = replace(body, 'draft', 'sold out')`);
  behind.close();
  await rejects(given.catalogue.readEvent(show), 'catalogue.corrupt');
});

test('blocks are a set of seats', async ({ catalogue }) => {
  await catalogue.createEvent(showOf(hash));
  const on = { event: show, chartHash: hash };
  assert.is(await catalogue.addBlocks(on, [7, 3, 7]), 'stored');
  assert.is(await catalogue.addBlocks(on, [3, 5]), 'stored');
  assert.is(await catalogue.removeBlocks(on, [7, 99]), 'stored');
  assert.equal(await catalogue.listBlocks(show), [3, 5]);
  assert.equal(await catalogue.listBlocks(eventId('other-show')), []);
});

test('blocks and the chart by which they count change one after the other, never both', async ({
  catalogue,
}) => {
  await catalogue.createEvent(showOf(hash));
  const on = { event: show, chartHash: hash };
  const otherChart = showOf('f'.repeat(32), { version: 2 });
  await catalogue.addBlocks(on, [1]);
  assert.is(await catalogue.updateEvent(otherChart, 1), 'blocked');
  assert.is((await catalogue.readEvent(show))?.version, 1);
  assert.is(await catalogue.updateEvent(showOf(hash, { sale: 'open', version: 2 }), 1), 'updated');
  await catalogue.removeBlocks(on, [1]);
  assert.is(await catalogue.updateEvent({ ...otherChart, version: 3 }, 2), 'updated');
  assert.is(await catalogue.addBlocks(on, [1]), 'other-chart');
  assert.is(await catalogue.removeBlocks(on, [1]), 'other-chart');
  const nobody = { event: eventId('no-show'), chartHash: hash };
  assert.is(await catalogue.addBlocks(nobody, [1]), 'other-chart');
  assert.equal(await catalogue.listBlocks(show), []);
});

test('any appends that cover the feed, doubled and overlapping, archive each offset once', async (given) => {
  let epoch = 0;
  const length = 30;
  const run = fc.tuple(fc.integer({ min: 1, max: length }), fc.integer({ min: 0, max: 12 }));
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 12 }), async (runs) => {
      epoch += 1;
      const { catalogue } = given;
      const append = (first: number, last: number) =>
        catalogue.appendFeed(show, `${epoch}`, feedRun(first, Math.min(last, length)));
      for (const [first, more] of runs) await append(first, first + more);
      for (let first = 1; first <= length; first += 7) await append(first, first + 6);
      const before = await catalogue.readFeed(show, `${epoch}`);
      assert.equal(before, feedRun(1, length));
      await append(1, length);
      assert.equal(await catalogue.readFeed(show, `${epoch}`), before);
    }),
    { seed, numRuns: 30 },
  );
});

test('what is archived under an id is not replaced', async ({ catalogue }) => {
  await catalogue.appendFeed(show, '5', feedRun(1, 3));
  const forged = feedRun(1, 3).map((entry) => ({ ...entry, line: 'forged' }));
  await catalogue.appendFeed(show, '5', forged);
  await catalogue.appendFeed(show, '5', []);
  assert.equal(await catalogue.readFeed(show, '5'), feedRun(1, 3));
  assert.equal(await catalogue.readFeed(show, '6'), []);
});

test('the end of the archive is that of the youngest epoch, which is the longer number', async ({
  catalogue,
}) => {
  assert.is(await catalogue.lastArchived(show), null);
  await catalogue.appendFeed(show, '10', feedRun(1, 2));
  await catalogue.appendFeed(show, '10', feedRun(3, 5));
  await catalogue.appendFeed(show, '9', feedRun(1, 9));
  const { chain } = feedRun(5, 5)[0] ?? {};
  assert.equal(await catalogue.lastArchived(show), { epoch: '10', offset: 5, chain });
});

test('what was stored is there after the file is opened again', async ({ catalogue, file }) => {
  await catalogue.createEvent(showOf(hash));
  await catalogue.close();
  await catalogue.close();
  const again = await openSqliteCatalogue(file);
  assert.equal(await again.readEvent(show), showOf(hash));
  await again.close();
});

test('a file that is no catalogue, or of a newer version, is refused with advice', async (given) => {
  const other = `${given.file}.txt`;
  await writeFile(other, 'This is a letter, and long enough to be taken for one. '.repeat(40));
  await rejects(openSqliteCatalogue(other), 'catalogue.corrupt');
  const behind = new DatabaseSync(given.file);
  behind.exec('PRAGMA user_version = 99');
  behind.close();
  await rejects(openSqliteCatalogue(given.file), 'catalogue.newer');
  await rejects(openSqliteCatalogue(join(other, 'below-a-file')), 'catalogue.unavailable');
});

async function rejects(promise: Promise<unknown>, code: string): Promise<void> {
  let failure: unknown;
  await promise.catch((error: unknown) => {
    failure = error;
  });
  assert.instance(failure, CatalogueError);
  if (failure instanceof CatalogueError) assert.is(failure.code, code);
}

test.run();
