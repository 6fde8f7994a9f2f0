import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { parseChart, seedDemoEvents } from '@holdfast/db/charts';
import { type EventDocument, policyOfNewEvent } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { readableId } from '../src/charts/create-event/create-event.ts';
import { main } from '../src/charts/create-event/main.ts';
import { ownFolder } from './catalogue-fixtures.ts';
import { ownPlan, pretixPlan } from './charts-fixtures.ts';

type Given = { folder: string; drop: () => Promise<void> };
type Run = { code: number; printed: string; complained: string };

const test = suite<Given>('event:create');
const starts = ['--starts', '2027-05-01T19:30:00+01:00'];

test.beforeEach(async (given) => {
  Object.assign(given, await ownFolder());
  await writeFile(join(given.folder, 'own.json'), ownPlan());
  await writeFile(join(given.folder, 'pretix.json'), pretixPlan());
});

test.afterEach((given) => given.drop());

async function run({ folder }: Given, ...argv: string[]): Promise<Run> {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await main({
    argv: argv.map((part) => (part.endsWith('.json') ? join(folder, part) : part)),
    catalogueFile: join(folder, 'catalogue.sqlite'),
    print: (text) => printed.push(text),
    complain: (text) => complained.push(text),
  });
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

async function stored({ folder }: Given): Promise<EventDocument[]> {
  const catalogue = await openSqliteCatalogue(join(folder, 'catalogue.sqlite'));
  const events = await catalogue.listEvents();
  await catalogue.close();
  return events;
}

test('an event with its chart, prices and policy lands in the catalogue', async (given) => {
  const flags = ['--open', '--price', 'Stalls=51.50', '--policy-max-seats', '4'];
  const made = await run(given, '--chart', 'own.json', '--name', 'Hamlet', ...starts, ...flags);
  assert.is(made.complained, '');
  assert.is(made.code, 0);
  assert.match(made.printed, /^Created event town-hall-hamlet: Hamlet, Town hall/);
  const [event] = await stored(given);
  assert.is(event?.startsAt, '2027-05-01T18:30:00.000Z');
  assert.is(event?.sale, 'open');
  assert.equal(event?.policy, policyOfNewEvent({ maxSeats: 4 }, event?.seatCount ?? 0));
  const catalogue = await openSqliteCatalogue(join(given.folder, 'catalogue.sqlite'));
  const chart = parseChart((await catalogue.readChartText(event?.chartHash ?? '')) ?? '');
  await catalogue.close();
  assert.is(chart.categories[0]?.price, 5_150);
  assert.is(chart.seatCount, event?.seatCount);
});

test('warnings are listed, and a draft is the default', async (given) => {
  const made = await run(given, '--chart', 'pretix.json', '--name', 'Hamlet', ...starts);
  assert.match(
    made.printed,
    /sale draft\n {2}shoppers do not see a draft.*--open.*\n {2}warning: pretix plans have no prices/,
  );
});

test('a second event of the same id is refused and the first stays', async (given) => {
  const first = ['--chart', 'own.json', '--name', 'Hamlet', ...starts, '--id', 'evening'];
  assert.is((await run(given, ...first)).code, 0);
  const again = await run(given, ...first, '--open');
  assert.is(again.code, 1);
  assert.match(again.complained, /"evening" exists already; name another one with --id/);
  assert.equal(
    (await stored(given)).map((event) => event.sale),
    ['draft'],
  );
});

test('a refused plan or command line is one sentence, a code, and nothing stored', async (given) => {
  await writeFile(join(given.folder, 'broken.json'), pretixPlan({ category: 'VIP' }));
  const named = ['--name', 'Hamlet', ...starts];
  const refusals: [argv: string[], code: number, says: RegExp][] = [
    [['--chart', 'broken.json', ...named], 1, /seats\[1\]\.category: no such category "VIP"/],
    [['--chart', 'none.json', ...named], 1, /cannot be read/],
    [['--chart', 'own.json', ...named, '--currency', 'EUR'], 1, /prices are in GBP/],
    [named, 2, /--chart is missing/],
    [['--chart', 'own.json', ...starts], 2, /--name is missing/],
    [['--chart', 'own.json', '--name', 'x'], 2, /--starts is missing/],
    [['--chart', 'own.json', '--name', 'x', '--starts', '2027-05-01'], 2, /time zone/],
    [['--chart', 'own.json', '--name', 'x'.repeat(201), ...starts], 2, /1 to 200 characters/],
    [['--chart', 'own.json', '--name', 'a\u0007b', ...starts], 2, /--name must be one line/],
    [['--chart', 'own.json', ...named, '--data', 'no-such-folder'], 2, /is no folder/],
    [['--chart', 'own.json', ...named, '--id', 'A B'], 2, /--id A B does not fit/],
    [['--chart', 'own.json', ...named, '--price', 'Stalls'], 2, /--price Stalls does not fit/],
    [['--chart', 'own.json', ...named, '--policy-max-seats', '41'], 2, /from 1 to 40/],
    [['--chart', 'own.json', ...named, '--policy-hold-ttl-ms', 'x'], 2, /from 5000 to 3600000/],
    [['--nonsense'], 2, /--help/],
  ];
  for (const [argv, code, says] of refusals) {
    const refused = await run(given, ...argv);
    assert.match(refused.complained, says);
    assert.is(refused.complained.split('\n').length, 1);
    assert.is(refused.code, code);
    assert.is(refused.printed, '');
  }
  assert.equal(await stored(given), []);
});

test('the help names every flag', async (given) => {
  const { code, printed } = await run(given, '--help');
  assert.is(code, 0);
  for (const flag of ['--chart', '--starts', '--price', '--open', '--data', '--policy-max-seats']) {
    assert.ok(printed.includes(flag), flag);
  }
});

test('ids are readable and fit, whatever the names are', () => {
  assert.is(readableId('Théâtre Royal', 'Hamlet!'), 'theatre-royal-hamlet');
  assert.is(readableId('!!', '??'), 'event');
  assert.is(readableId('x'.repeat(90), 'Hamlet'), `${'x'.repeat(33)}-hamlet`);
  assert.is(readableId('Hall', 'y'.repeat(90)), 'y'.repeat(40));
});

test('a fresh catalogue gets one event on sale in each demo venue, once', async (given) => {
  const file = join(given.folder, 'fresh.sqlite');
  const [one, two] = [await openSqliteCatalogue(file), await openSqliteCatalogue(file)];
  const nowMs = Date.parse('2027-03-04T05:06:07Z');
  const made = await Promise.all([seedDemoEvents(one, { nowMs }), seedDemoEvents(two, { nowMs })]);
  const events = await one.listEvents();
  assert.equal(
    events.map(({ id, startsAt, sale }) => [id, startsAt, sale]),
    [
      ['prince-edward-hamlet', '2027-03-18T18:30:00.000Z', 'open'],
      ['scotiabank-arena-ice-gala', '2027-04-03T18:30:00.000Z', 'open'],
      ['allianz-arena-cup-final', '2027-05-03T18:30:00.000Z', 'open'],
    ],
  );
  assert.is(made.flat().length, 3);
  assert.equal(await seedDemoEvents(two, { nowMs }), []);
  await one.close();
  await two.close();
});

test.run();
