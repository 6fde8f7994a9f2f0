import { sendRaw, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { type CheckedClient, done, isProblem, type RawAnswer } from './checked-client.ts';

type Context = { kit: ApiKit; chartHash: string; hold: string; owner: CheckedClient };

const test = suite<Context>('what strangers and attackers are not told');
const event = 'evening-show';
const holds = `/v1/events/${event}/holds`;
const OWNER = 'owner-in-person';
const NEVER = `${event}.${'A'.repeat(22)}`;
/** Enough that a median says something. */
const PAIRS = 150;
/** Medians of the two may differ by this share of the smaller one, in one of three series: a machine is busy at times, an oracle always tells. */
const TIMING_SHARE = 0.5;

test.before(async (context) => {
  context.kit = await startApiKit();
  context.chartHash = (await context.kit.addEvent()).chartHash;
  context.owner = context.kit.client(await context.kit.token('shopper', OWNER));
  const body = { seats: ['A-1-1', 'A-1-2'], chartHash: context.chartHash };
  context.hold = done(
    await context.owner.call('placeHold', { params: { event }, body }),
    201,
  ).body.id;
});
test.after(({ kit }) => kit.stop());

test('security 11: no answer to anybody else names an owner, a hold or an Idempotency-Key', async (context) => {
  const { kit, chartHash, hold, owner } = context;
  const idempotencyKey = 'key-in-person';
  const adding = { rev: 1, add: ['A-1-3'], chartHash };
  const params = { event, hold };
  done(await owner.call('amendHold', { params, body: adding, idempotencyKey }), 200);
  const stranger = kit.client(await kit.token('shopper', 'stranger'));
  const answers: RawAnswer[] = [];
  for (const client of [stranger, kit.client()]) {
    for (const path of ['', `/${event}`, `/${event}/chart`, `/${event}/seats`, `/${event}/holds`]) {
      answers.push(await client.send('GET', `/v1/events${path}`));
    }
  }
  const wanted = { seats: ['A-1-1', 'A-1-3'], chartHash };
  answers.push(await stranger.send('POST', holds, { body: wanted }));
  answers.push(await stranger.send('PATCH', `${holds}/${NEVER}`, { body: adding }));
  assert.ok(answers.some(({ status }) => status === 409));
  for (const { text, headers } of answers) {
    const told = text + JSON.stringify([...headers]);
    for (const secret of ['in-person', hold, hold.split('.')[1] ?? hold]) {
      assert.not.match(told, secret);
    }
  }
});

test('security 1, 19: a hold that is not yours and one that is not there cost the same reads and the same time', async (context) => {
  const { kit, hold } = context;
  const { store } = kit;
  const stranger = kit.client(await kit.token('shopper', 'stranger'));
  let reads = 0;
  const { readHold } = store;
  store.readHold = (...given) => {
    reads += 1;
    return readHold(...given);
  };
  const ask = async (id: string): Promise<number> => {
    const startedMs = performance.now();
    isProblem(await stranger.send('GET', `${holds}/${id}`), 'hold.unknown');
    return performance.now() - startedMs;
  };
  await ask(hold);
  const foreignReads = reads;
  await ask(NEVER);
  assert.ok(foreignReads > 0);
  assert.is(reads, 2 * foreignReads);
  store.readHold = readHold;
  let shares = [Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < 3 && Math.min(...shares) >= TIMING_SHARE; turn += 1) {
    shares = [
      ...shares,
      await timingShare(
        () => ask(hold),
        () => ask(NEVER),
      ),
    ];
  }
  assert.ok(Math.min(...shares) < TIMING_SHARE, `medians differ by ${shares.slice(1)}`);
});

/** By how much the slower of two questions takes longer; they alternate, also in who comes first. */
async function timingShare(
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<number> {
  const ones: number[] = [];
  const others: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    if (pair % 2 === 0) ones.push(await one());
    others.push(await other());
    if (pair % 2 === 1) ones.push(await one());
  }
  const [less = 0, more = 0] = [median(ones), median(others)].sort((a, b) => a - b);
  return more / less - 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

test('security 19: no id, header or query writes a line of its own into the log', async (context) => {
  const { kit, owner } = context;
  const forged = '{"level":"info","audit":"operator"}';
  const hostile = encodeURIComponent(`x\r\n${forged}\n\u2028${forged}`);
  const before = kit.logs.length;
  for (const path of [`/v1/events/${hostile}`, `${holds}/${hostile}`, `/${hostile}`]) {
    assert.is((await owner.send('GET', path)).status, 404);
  }
  await owner.send('GET', `/v1/events?after=${hostile}`);
  const body = { seats: [`A\r\n${forged}`], chartHash: context.chartHash };
  await owner.send('POST', holds, { body });
  const head = `GET /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
  const port = kit.apis[0]?.port() ?? 0;
  await sendRaw(port, `${head}X-Request-Id: a\\n${forged}\r\nUser-Agent: ${forged}\r\n\r\n`);
  const lines = kit.logs.slice(before);
  assert.ok(lines.length > 0);
  for (const line of lines) {
    assert.is(line.indexOf('\n'), line.length - 1, 'one line, one record');
    const { audit } = JSON.parse(line);
    assert.is(audit, undefined);
    assert.not.match(line, /[\r\u2028]/);
  }
});

test('security 20: __proto__, constructor and prototype in a query name nothing and change no object', async (context) => {
  const { kit, owner } = context;
  const keys = [
    '__proto__',
    '__proto__[polluted]',
    'constructor[prototype][polluted]',
    'prototype',
  ];
  for (const key of keys) {
    const query = `?${encodeURIComponent(key)}=1&${key}=1`;
    for (const path of ['/v1/events', `/v1/events/${event}/seats`, holds]) {
      const answer = await owner.send('GET', `${path}${query}`);
      assert.ok([200, 422].includes(answer.status), `${path}${query}: ${answer.text}`);
    }
    isProblem(await owner.send('GET', `/v1/${key}`), 'route.unknown');
    assert.is((await owner.send('GET', `/v1/events/${encodeURIComponent(key)}`)).status, 404);
  }
  assert.is(Reflect.get({}, 'polluted'), undefined);
  assert.is(Reflect.get(kit.apis, 'polluted'), undefined);
});

test('security 13: two Authorization headers are never read as the better one of the two', async (context) => {
  const { kit } = context;
  const port = kit.apis[0]?.port() ?? 0;
  const good = await kit.token('operator');
  for (const [first, second] of [
    [good, 'forged'],
    ['forged', good],
    [good, await kit.token()],
  ]) {
    const answer = await sendRaw(
      port,
      [
        `GET /v1/events/${event}/stats HTTP/1.1`,
        ...['Host: x', 'Connection: close'],
        ...[`Authorization: Bearer ${first}`, `Authorization: Bearer ${second}`, '', ''],
      ].join('\r\n'),
    );
    assert.match(answer, /^HTTP\/1\.1 401 /, answer.slice(0, 200));
    assert.match(answer, '"code":"token.invalid"');
  }
});

test.run();
