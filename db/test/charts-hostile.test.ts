import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildPlan,
  CHART_SEATS_MAX,
  ChartError,
  PLAN_BYTES_MAX,
  parseChart,
  readPlanFile,
} from '@holdfast/db/charts';
import { suite, testSeed } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ownPlan, pretixPlan, refusal } from './charts-fixtures.ts';

const test = suite('hostile plans');
const seed = testSeed('hostile plans');

test('what is not a plan is refused by its first reason', () => {
  const reasons: [text: string, code: string][] = [
    ['', 'chart.json'],
    ['{', 'chart.json'],
    ['\u0000', 'chart.json'],
    ['NaN', 'chart.json'],
    ['null', 'chart.format'],
    ['[]', 'chart.format'],
    ['{"zones": 3}', 'chart.format'],
    ['{"format": "other/9", "zones": []}', 'chart.format'],
    ['{"format": null}', 'chart.format'],
    ['{"zones": [null], "categories": []}', 'chart.invalid'],
    ['{"zones": []}', 'chart.invalid'],
    [`${'['.repeat(100_000)}`, 'chart.limit'],
    [`{"zones": ${'['.repeat(40)}${']'.repeat(40)}}`, 'chart.limit'],
  ];
  for (const [text, code] of reasons) assert.is(refusal(text).code, code, text.slice(0, 40));
});

test('brackets inside texts are no nesting', () => {
  const name = `${'['.repeat(100)}"\\`;
  assert.is(buildPlan(ownPlan({}, { name })).chart.name, name);
});

test('a plan of a few bytes that asks for absurd numbers of seats is refused at once', () => {
  const rows = 2_000;
  const asks = [
    ownPlan({ rows: 1_000_000_000 }),
    ownPlan({ rows, seats: '9999' }),
    ownPlan({ rows, width: 1_000_000, seatSpacing: 10 }),
    ownPlan({ rows: 1, seats: '999999999' }),
    ownPlan({ rows: 1, width: 1e12 }),
    ownPlan({ seatSpacing: 0 }),
    ownPlan({ seatSpacing: -5 }),
    ownPlan({ rows: 0 }),
    ownPlan({ rows: 1.5 }),
    ownPlan({ widthStep: -1e9 }),
  ];
  for (const text of asks) assert.ok(['chart.limit', 'chart.invalid'].includes(refusal(text).code));
  const blocks = Array.from({ length: 30 }, (_, at) => ({
    kind: 'straight',
    at: { x: 0, y: at * 1_000 },
    facing: 0,
    rows: 1,
    rowNames: { first: `${at}` },
    seats: '9000',
  }));
  const error = refusal(ownPlan({}, {}, { blocks }));
  assert.is(error.code, 'chart.limit');
  assert.match(error.message, new RegExp(`blocks\\[22\\].*${CHART_SEATS_MAX}`));
});

test('coordinates that are no places are refused', () => {
  const numbers = ['1e999', '-1e999', '1e300', '"1"', 'null', '[]', '{}', 'true'];
  for (const number of numbers) {
    const own = ownPlan({ at: { x: 'HERE', y: 0 } }).replace('"HERE"', number);
    assert.is(refusal(own).code, 'chart.invalid', number);
    const pretix = pretixPlan({ position: { x: 'HERE', y: 0 } }).replace('"HERE"', number);
    assert.is(refusal(pretix).code, 'chart.invalid', number);
  }
  const apart = pretixPlan({ position: { x: 900_000, y: 0 } }, { position: { x: 900_000, y: 0 } });
  assert.is(refusal(apart).code, 'chart.limit');
});

test('security 20: names from the prototype are names like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  for (const name of names) {
    assert.match(refusal(pretixPlan({ category: name })).message, /no such category/);
    const own = pretixPlan({ category: name }, {}, { categories: [{ name }, { name: 'Stalls' }] });
    assert.is(buildPlan(own).chart.categories[0]?.name, name);
    assert.is(refusal(ownPlan(), { prices: new Map([[name, '1']]) }).code, 'chart.price');
  }
  const polluting = pretixPlan().replace('{', '{"__proto__": {"polluted": true}, ');
  assert.match(buildPlan(polluting).warnings[0] ?? '', /^__proto__ is not used/);
  assert.is(Reflect.get({}, 'polluted'), undefined);
  const strict = ownPlan().replace('{', '{"__proto__": {"format": "x"}, ');
  assert.match(refusal(strict).message, /__proto__/);
});

test('the warnings of a file with endless kinds of keys are bounded', () => {
  const extra = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`key-${at}`, at]));
  assert.ok(buildPlan(pretixPlan({}, {}, extra)).warnings.length < 50);
});

test('any broken plan is refused by a ChartError, never by another', () => {
  const texts = [ownPlan({ aisles: [10] }), pretixPlan({}, { areas: [{ shape: 'circle' }] })];
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1e308, '', '__proto__', null, []));
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), value, (text, at, broken) => {
      try {
        buildPlan(breakPlan(text, at, broken));
      } catch (error) {
        assert.instance(error, ChartError);
      }
    }),
    { seed, numRuns: 1_500 },
  );
});

/** The plan with one of its values, whichever `at` picks, replaced. */
function breakPlan(text: string, at: number, broken: unknown): string {
  const total = countValues(text);
  let seen = 0;
  return JSON.stringify(
    JSON.parse(text, (_key, value: unknown) => {
      seen += 1;
      return seen - 1 === at % total ? broken : value;
    }),
  );
}

function countValues(text: string): number {
  let seen = 0;
  JSON.parse(text, (_key, value: unknown) => {
    seen += 1;
    return value;
  });
  return seen;
}

test('a file over 64 MB is refused by its size, unread; folders and other bytes likewise', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-plan-'));
  const large = join(folder, 'large.json');
  const handle = await open(large, 'w');
  await handle.truncate(PLAN_BYTES_MAX + 1);
  await handle.close();
  const binary = join(folder, 'binary.json');
  await writeFile(binary, Uint8Array.of(0xff, 0xfe, 0x00));
  assert.is(await codeOf(readPlanFile(large)), 'chart.too-large');
  assert.is(await codeOf(readPlanFile(folder)), 'chart.file');
  assert.is(await codeOf(readPlanFile(join(folder, 'none.json'))), 'chart.file');
  assert.is(await codeOf(readPlanFile(binary)), 'chart.json');
  await writeFile(binary, `\uFEFF${ownPlan()}`);
  assert.is(buildPlan(await readPlanFile(binary)).chart.seatCount, 20);
  await rm(folder, { recursive: true });
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'read';
  } catch (error) {
    return error instanceof ChartError ? error.code : String(error);
  }
}

test('stored text that breaks a rule of charts is refused', () => {
  const chart = buildPlan(ownPlan()).chart;
  const [section] = chart.sections;
  const [row] = section?.rows ?? [];
  const broken: object[] = [
    { ...chart, seatCount: 21 },
    { ...chart, extra: 1 },
    { ...chart, sections: [{ ...section, start: 1 }] },
    { ...chart, sections: [{ ...section, level: 5 }] },
    { ...chart, width: 10 },
    ...[
      { x: [1] },
      { category: 9 },
      { category: [0] },
      { breaks: [9] },
      { breaks: [3, 3] },
      { accessible: [10] },
      { labels: Array(10).fill('same') },
    ].map((change) => ({
      ...chart,
      sections: [{ ...section, rows: [{ ...row, ...change }, ...(section?.rows.slice(1) ?? [])] }],
    })),
  ];
  for (const value of broken) {
    assert.throws(
      () => parseChart(JSON.stringify(value)),
      (error: unknown) => error instanceof ChartError,
    );
  }
  assert.throws(() => parseChart('{'), /not JSON/);
});

test.run();
