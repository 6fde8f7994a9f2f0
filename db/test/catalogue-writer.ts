import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { eventId } from '@holdfast/db/model';
import { feedRun, showOf, smallChart } from './catalogue-fixtures.ts';

/**
 * One of several processes that write to one catalogue at once (`catalogue-processes.test.ts`).
 * Arguments: the file, this writer's number, how often it raises the shared event's version.
 */
const [file = '', writer = '', rounds = ''] = process.argv.slice(2);
const own = eventId(`show-of-${writer}`);
const shared = eventId('evening-show');

const catalogue = await openSqliteCatalogue(file);
const { hash } = await catalogue.storeChart(smallChart());
await catalogue.createEvent(showOf(hash, { id: own }));
await catalogue.createEvent(showOf(hash));
for (let round = 0; round < Number(rounds); ) {
  const seen = await catalogue.readEvent(shared);
  if (seen === null) throw new Error('the shared event is gone');
  const next = { ...seen, version: seen.version + 1 };
  if ((await catalogue.updateEvent(next, seen.version)) !== 'updated') continue;
  round += 1;
  await catalogue.addBlocks({ event: shared, chartHash: seen.chartHash }, [
    Number(writer) * 1_000 + round,
  ]);
  await catalogue.appendFeed(shared, '1', feedRun(round, round + 2));
}
await catalogue.close();
