import { Agent, request } from 'node:http';
import { type EventId, POLICY_BOUNDS } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import {
  BLOCK_BODY_BYTES_MAX,
  BODY_BYTES_MAX,
  CHART_BODY_BYTES_MAX,
  PATHS,
  type ProblemCode,
} from '../src/contract/door.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { type CheckedClient, done, isProblem } from './checked-client.ts';
import { keptState } from './kept-state.ts';
import { smallChart } from './small-chart.ts';

type Context = {
  kit: ApiKit;
  operator: CheckedClient;
  chartHash: string;
  hold: string;
  events: EventId[];
  before: string;
};

const test = suite<Context>('hostile input with an operator’s token: refused by name, I5');
const event = 'evening-show';
const draft = 'draft-show';

test.before(async (context) => {
  const kit = await startApiKit();
  const { id, chartHash } = await kit.addEvent();
  const other = await kit.addEvent({ id: draft, sale: 'draft' });
  const shopper = kit.client(await kit.token());
  const body = { seats: ['A-1-1'], chartHash };
  const placed = done(await shopper.call('placeHold', { params: { event }, body }), 201);
  const events = [id, other.id];
  const operator = kit.client(await kit.token('operator'));
  const before = await keptState(kit, events);
  Object.assign(context, { kit, operator, chartHash, hold: placed.body.id, events, before });
});
test.afterEach(async ({ kit, events, before }) => {
  assert.is(await keptState(kit, events), before, 'I5: a refused request changes nothing');
  for (const line of kit.logs) assert.not.match(line, '"status":500');
});
test.after(({ kit }) => kit.stop());

type Operation = {
  readonly method: string;
  readonly path: string;
  /** A body that would be done as it is. */
  readonly good: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  readonly bytesMax: number;
};

/** Every operator's operation that takes a body. */
function operations(chartHash: string): Operation[] {
  const list = { seats: ['A-1-2'], chartHash };
  const at = (name: 'replaceChart' | 'blockSeats' | 'unblockSeats' | 'changeSale', id: string) => ({
    method: PATHS[name].method,
    path: PATHS[name].path.replace('{event}', id),
  });
  const show = { id: 'new-show', name: 'A new show', venue: 'A hall', chartHash };
  return [
    {
      ...PATHS.createEvent,
      good: { ...show, startsAt: '2031-05-01T18:30:00Z', policy: { maxSeats: 4 } },
      required: ['id', 'name', 'venue', 'startsAt', 'chartHash'],
      bytesMax: CHART_BODY_BYTES_MAX,
    },
    {
      ...at('replaceChart', draft),
      good: { ...smallChart('A new hall') },
      required: Object.keys(smallChart()),
      bytesMax: CHART_BODY_BYTES_MAX,
    },
    {
      ...at('blockSeats', event),
      good: { ...list, revokeHolds: true },
      required: ['seats', 'chartHash'],
      bytesMax: BLOCK_BODY_BYTES_MAX,
    },
    {
      ...at('unblockSeats', event),
      good: list,
      required: ['seats', 'chartHash'],
      bytesMax: BLOCK_BODY_BYTES_MAX,
    },
    {
      ...at('changeSale', event),
      good: { next: 'paused' },
      required: ['next'],
      bytesMax: BODY_BYTES_MAX,
    },
  ];
}

/** Sends each body and holds the answer to the code, and to the field that the errors name first. */
async function refusesAll(
  { operator }: Context,
  { method, path }: Pick<Operation, 'method' | 'path'>,
  bodies: readonly (readonly [body: unknown, code: ProblemCode, field?: string])[],
): Promise<void> {
  for (const [body, code, field] of bodies) {
    const answer = await operator.send(method, path, { body });
    isProblem(answer, code);
    if (field === undefined) continue;
    const { errors } = JSON.parse(answer.text);
    assert.ok(String(errors[0].path).startsWith(field), `${field}: ${answer.text}`);
  }
}

/** `good` as JSON with one more key, also one that an object literal could not carry. */
function withKey(good: object, key: string, value: string): string {
  const members = JSON.stringify(good).slice(1, -1);
  return `{${members === '' ? '' : `${members},`}"${key}":${value}}`;
}

test('a field that is missing or of another type is 422 by its name, on every operation', async (context) => {
  for (const operation of operations(context.chartHash)) {
    const { good, required } = operation;
    for (const field of required) {
      const { [field]: _, ...rest } = good;
      await refusesAll(context, operation, [[rest, 'request.invalid']]);
    }
    for (const [field, value] of Object.entries(good)) {
      const wrong = [7, true, 'x\u0000', {}, [], [[]], [null], [{ seats: {} }], -1, 1.5, 2 ** 53];
      const others = wrong.filter((one) => !isLike(one, value, field));
      await refusesAll(
        context,
        operation,
        others.map((one) => [{ ...good, [field]: one }, 'request.invalid', field]),
      );
    }
  }
});

/** Whether a wrong value happens to be a right one for this field. */
function isLike(wrong: unknown, value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return typeof wrong === 'boolean';
  const isSize = field === 'width' || field === 'height';
  if (isSize) return wrong === 7 || wrong === -1 || wrong === 1.5; // the rules of charts judge it
  if (typeof value === 'number') return wrong === 7;
  const isEmptyable = ['levels', 'areas', 'categories', 'policy'].includes(field);
  return isEmptyable && JSON.stringify(wrong) === (field === 'policy' ? '{}' : '[]');
}

test('security 11, 20: keys that are not documented are refused; __proto__ never gets past the parser', async (context) => {
  for (const operation of operations(context.chartHash)) {
    const { good } = operation;
    await refusesAll(context, operation, [
      [withKey(good, '__proto__', '{"role":"operator"}'), 'request.malformed'],
      [withKey(good, '\\u005f_proto__', 'null'), 'request.malformed'],
      [withKey(good, 'constructor', '{"prototype":{"sale":"open"}}'), 'request.invalid'],
      [withKey(good, 'prototype', '{}'), 'request.invalid'],
      [withKey(good, 'toString', 'null'), 'request.invalid'],
      [withKey(good, 'version', '9'), 'request.invalid'],
      [withKey(good, 'x'.repeat(5_000), '1'), 'request.invalid'],
      [[good], 'request.invalid'],
      ['', 'request.invalid'],
      ['null', 'request.malformed'],
      [JSON.stringify(good).slice(0, -1), 'request.malformed'],
    ]);
  }
});

test('security 8, 18: bodies over the limit of their operation are 413, huge values within it 422', async (context) => {
  const megabyte = 'x'.repeat(1_000_000);
  for (const operation of operations(context.chartHash)) {
    const { good, bytesMax, required } = operation;
    const field = required[0] ?? '';
    const isLarge = megabyte.length > bytesMax;
    const deep = `${'['.repeat(2_000)}${']'.repeat(2_000)}`;
    await refusesAll(context, operation, [
      [{ ...good, [field]: megabyte }, isLarge ? 'request.too-large' : 'request.invalid'],
      [`${' '.repeat(bytesMax)}${JSON.stringify(good)}`, 'request.too-large'],
      [withKey({ ...good, [field]: undefined }, field, deep), 'request.invalid', field],
    ]);
  }
  const [, , block, unblock] = operations(context.chartHash);
  if (block === undefined || unblock === undefined) return;
  for (const operation of [block, unblock]) {
    await refusesAll(context, operation, [
      [{ ...operation.good, seats: Array(10_000).fill('A-1-2') }, 'request.invalid', 'seats'],
      [{ ...operation.good, seats: ['A-1-2', 'A-1-2'] }, 'request.invalid', 'seats[1]'],
      [{ ...operation.good, seats: ['__proto__', 'constructor'] }, 'seats.unknown', 'seats[0]'],
      [{ ...operation.good, seats: ['A-1-2', 'A-1-2\r\nX: y'] }, 'request.invalid', 'seats[1]'],
      [{ ...operation.good, chartHash: '0'.repeat(32) }, 'chart.changed'],
    ]);
  }
});

test('a chart of hostile depth, size, numbers or ranges is refused by its place', async (context) => {
  const chart = smallChart();
  const [front, back] = chart.sections;
  const [row] = front?.rows ?? [];
  if (front === undefined || back === undefined || row === undefined) return assert.unreachable();
  const withRow = (change: object) => ({
    ...chart,
    sections: [{ ...front, rows: [{ ...row, ...change }, ...front.rows.slice(1)] }, back],
  });
  const many = (length: number) => Array.from({ length }, (_, at) => at);
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
  const wrong: (readonly [unknown, ProblemCode, string?])[] = [
    [withKey({ ...chart, areas: undefined }, 'areas', deep), 'request.invalid', 'areas'],
    [withKey({ ...chart, width: undefined }, 'width', '1e999'), 'request.invalid', 'width'],
    [withKey({ ...chart, focal: undefined }, 'focal', '{"__proto__":{}}'), 'request.malformed'],
    [withKey({ ...chart, focal: undefined }, 'focal', '{"constructor":1}'), 'request.invalid'],
    [{ ...chart, seatCount: 200_001 }, 'request.invalid', 'seatCount'],
    [{ ...chart, categories: Array(257).fill(chart.categories[0]) }, 'request.invalid'],
    [{ ...chart, areas: Array(200_001).fill(null) }, 'request.invalid', 'areas'],
    [withRow({ x: many(200_001) }), 'request.invalid', 'sections[0].rows[0].x'],
    [withRow({ breaks: ['0'] }), 'request.invalid', 'sections[0].rows[0].breaks'],
    [withRow({ labels: Array(5).fill('one\ntwo') }), 'request.invalid', 'sections[0]'],
    [withRow({ category: 2 }), 'chart.invalid', 'sections'],
    [withRow({ x: many(200_000) }), 'chart.invalid', 'sections'],
    [withRow({ labels: Array(5).fill('same') }), 'chart.invalid'],
    [withRow({ companion: [5] }), 'chart.invalid', 'sections'],
    [{ ...chart, sections: [back, front] }, 'chart.invalid', 'sections'],
    [{ ...chart, sections: Array(1_000).fill(front) }, 'chart.invalid'],
    [{ ...chart, seatCount: 15 }, 'chart.invalid', 'seatCount'],
    [{ ...chart, width: -1 }, 'chart.invalid', 'width'],
  ];
  const path = PATHS.replaceChart.path.replace('{event}', draft);
  await refusesAll(context, { method: 'PUT', path }, wrong);
});

test('a hostile policy, start or id of an event is refused by its field', async (context) => {
  const [create] = operations(context.chartHash);
  if (create === undefined) return assert.unreachable();
  const { good } = create;
  const starts = [
    'never',
    '',
    '2031-05-01',
    '2031-02-30T18:30:00Z',
    '2031-05-01T18:30:00+02:00',
    '2031-05-01T24:30:00Z',
    '2031-05-01T18:30:00Z\r\nX: y',
    ' 2031-05-01T18:30:00Z',
    '+012031-05-01T18:30:00Z',
    `2031-05-01T18:30:00.${'0'.repeat(100)}Z`,
    1_935_340_200_000,
  ];
  const ids = ['', '__proto__', 'A', 'a b', 'a.b', '{a}', '../a', 'x'.repeat(41), 'a\u0000', '\n'];
  const policies = Object.keys(POLICY_BOUNDS).flatMap((key) =>
    [null, '5', [], {}, true, 0.5, -1, 2 ** 53].map((value) => ({ [key]: value })),
  );
  await refusesAll(context, create, [
    ...starts.map((startsAt) => [{ ...good, startsAt }, 'request.invalid', 'startsAt'] as const),
    ...ids.map((id) => [{ ...good, id }, 'request.invalid', 'id'] as const),
    ...policies.map((policy) => [{ ...good, policy }, 'request.invalid', 'policy.'] as const),
    [{ ...good, policy: { holdTtl: 1 } }, 'request.invalid', 'policy'],
    [withKey({ ...good, policy: undefined }, 'policy', '{"__proto__":{}}'), 'request.malformed'],
    [withKey({ ...good, policy: undefined }, 'policy', '{"constructor":{}}'), 'request.invalid'],
    [{ ...good, id: 'constructor', chartHash: '0'.repeat(32) }, 'chart.unknown'],
    [{ ...good, id: event }, 'event.exists'],
  ]);
});

test('operations without a body look at none; their ids are judged alike', async (context) => {
  const { operator, hold } = context;
  const [, secret = ''] = hold.split('.');
  const bodies = ['{', '{"__proto__":{}}', 'x'.repeat(1_000_000), '[]'];
  const holds = [`${event}.${'A'.repeat(22)}`, `${draft}.${secret}`, '__proto__', `${hold}%00`];
  for (const id of holds) {
    const path = `/v1/events/${event}/holds/${id}/revoke`;
    for (const body of bodies) {
      isProblem(await operator.send('POST', path, { body }), 'hold.unknown');
    }
  }
  for (const id of ['constructor', '__proto__', 'EVENING-SHOW', `${event}%00`, 'x'.repeat(41)]) {
    isProblem(await operator.send('GET', `/v1/events/${id}/stats`), 'event.unknown');
    const revoked = await operator.send('POST', `/v1/events/${id}/holds/${hold}/revoke`);
    isProblem(revoked, id === 'constructor' ? 'hold.unknown' : 'event.unknown');
  }
});

test('a body behind GET stats is no part of the answer, nor of the next request', async ({
  kit,
}) => {
  const token = await kit.token('operator');
  for (const body of [
    '{"__proto__":{}}',
    'GET /v1/events/x HTTP/1.1\r\n\r\n',
    'x'.repeat(1_000_000),
  ]) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const sent of [body, '']) {
      const answer = await readStats(kit, agent, token, sent);
      assert.is(answer.status, 200, answer.text);
      assert.is(JSON.parse(answer.text).seats.held, 1);
    }
    agent.destroy();
  }
});

/** With node:http, because fetch gives no body to GET. */
function readStats(kit: ApiKit, agent: Agent, token: string, body: string) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request({
      agent,
      port: kit.apis[0]?.port(),
      path: `/v1/events/${event}/stats`,
      headers: { authorization: `Bearer ${token}`, 'content-length': body.length },
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.end(body);
  });
}

test.run();
