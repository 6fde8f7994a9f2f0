import { POLICY_BOUNDS } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import {
  BODY_BYTES_MAX,
  fillPath,
  PATHS,
  PROBLEMS,
  packSnapshot,
  problemsOf,
  ROUTES,
  type Route,
  SEAT_LABEL_LENGTH_MAX,
  SEATS_PER_REQUEST_MAX,
  unpackSnapshot,
} from '../src/contract/door.ts';
import { buildDocument } from '../src/openapi/build-document.ts';
import { smallChart } from './small-chart.ts';

const test = suite('the contract');

test('every route has a path, and every problem that a route names is in the table', () => {
  assert.equal(new Set(Object.keys(ROUTES)), new Set(Object.keys(PATHS)));
  for (const route of Object.values<Route>(ROUTES)) {
    for (const code of problemsOf(route)) assert.ok(PROBLEMS[code]);
  }
});

test('every problem of the table is named by some route or belongs to the edge', () => {
  const named = new Set(Object.values<Route>(ROUTES).flatMap(problemsOf));
  const edge = ['route.unknown', 'method.not-allowed'];
  const unused = Object.keys(PROBLEMS).filter((code) => !new Set<string>(named).has(code));
  assert.equal(
    unused.filter((code) => !edge.includes(code)),
    [],
  );
});

test('no schema differs between what is sent and what is read, so one description stands for both', () => {
  for (const route of Object.values<Route>(ROUTES)) {
    for (const schema of [route.body, ...Object.values(route.answers).map((one) => one.schema)]) {
      if (schema === undefined) continue;
      const [input, output] = (['input', 'output'] as const).map((io) =>
        z.toJSONSchema(schema, { io }),
      );
      assert.equal(input, output);
    }
  }
});

test('security 8: the largest allowed request of a shopper fits the body limit', () => {
  const seats = Array.from({ length: SEATS_PER_REQUEST_MAX }, () =>
    '座'.repeat(SEAT_LABEL_LENGTH_MAX),
  );
  const body = { seats, chartHash: '0'.repeat(64) };
  assert.ok(Buffer.byteLength(JSON.stringify(body)) <= BODY_BYTES_MAX);
  assert.is(SEATS_PER_REQUEST_MAX, POLICY_BOUNDS.maxSeats[1]);
});

test('the document names a description for every status and refers only to what it has', () => {
  const text = JSON.stringify(buildDocument());
  const { schemas } = JSON.parse(text).components;
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
    assert.ok(name in schemas, name);
  }
  assert.not.match(text, /"\$id"|"\$schema"/);
});

test('a snapshot unpacks to what was packed; another length is not a snapshot', () => {
  const { sections, seatCount } = smallChart();
  const map = Uint8Array.from({ length: seatCount }, (_, seat) => (seat * 7) % 4);
  const bytes = packSnapshot(sections, map);
  assert.equal(unpackSnapshot(sections, bytes), map);
  assert.is(unpackSnapshot(sections, bytes.subarray(1)), null);
});

test('parameters of a path are encoded', () => {
  assert.is(fillPath(PATHS.readEvent.path, { event: '../a b' }), '/v1/events/..%2Fa%20b');
});

test.run();
