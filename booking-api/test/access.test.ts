import { createHmac } from 'node:crypto';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { PATHS, ROUTES, type Route, type RouteName } from '../src/contract/door.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { done, isProblem } from './checked-client.ts';

const test = suite<{ kit: ApiKit }>('who may call what');
const event = 'evening-show';
const holds = `/v1/events/${event}/holds`;

test.before(async (context) => {
  context.kit = await startApiKit();
  await context.kit.addEvent();
});
test.after(({ kit }) => kit.stop());

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

test('a session is a fresh owner and a token that works', async ({ kit }) => {
  const first = done(await kit.client().call('createSession', {}), 201).body;
  const second = done(await kit.client().call('createSession', { body: {} }), 201).body;
  assert.is.not(first.owner, second.owner);
  assert.match(first.owner, /^[A-Za-z0-9_-]{22}$/);
  done(await kit.client(first.token).call('listHolds', { params: { event } }), 200);
});

test('security 13: forged, altered, foreign, expired and misplaced tokens are 401 with the documented code', async ({
  kit,
}) => {
  const good = await kit.token();
  const [header = '', payload = '', signature = ''] = good.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const asOperator = base64({ ...claims, role: 'operator' });
  const none = `${base64({ alg: 'none', typ: 'JWT' })}.${payload}.`;
  const symmetric = `${base64({ alg: 'HS256', typ: 'JWT' })}.${payload}`;
  const mac = createHmac('sha256', 'public key').update(symmetric).digest('base64url');
  const flipped = signature.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const expired = await kit.issuer.issue({
    subject: claims.sub,
    role: 'shopper',
    ttlSeconds: -60,
  });
  const bad: [string, 'token.invalid' | 'token.expired' | 'token.missing'][] = [
    [`Bearer ${header}.${asOperator}.${signature}`, 'token.invalid'],
    [`Bearer ${none}`, 'token.invalid'],
    [`Bearer ${symmetric}.${mac}`, 'token.invalid'],
    [`Bearer ${header}.${payload}.${flipped.slice(0, -4)}AAAA`, 'token.invalid'],
    [`Bearer ${header}.${payload}`, 'token.invalid'],
    [`Bearer ${expired}`, 'token.expired'],
    [`Basic ${good}`, 'token.invalid'],
    [`Bearer ${'a'.repeat(8_000)}`, 'token.invalid'],
    ['Bearer', 'token.invalid'],
    ['', 'token.missing'],
  ];
  for (const [authorization, code] of bad) {
    const headers = authorization === '' ? {} : { authorization };
    const answer = await kit.client().send('GET', holds, { headers });
    isProblem(answer, code);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
  }
});

test('security 13: a forged, an unsigned and an expired token are 401 on every route that looks at tokens', async ({
  kit,
}) => {
  const [header = '', payload = '', signature = ''] = (await kit.token('operator')).split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = `${header}.${base64({ ...claims, sub: 'operator-2' })}.${signature}`;
  const unsigned = `${base64({ alg: 'none', typ: 'JWT', kid: 'any' })}.${payload}.`;
  const { sub: subject } = claims;
  const expired = await kit.issuer.issue({ subject, role: 'operator', ttlSeconds: -60 });
  const logged = kit.logs.length;
  for (const name of Object.keys(PATHS) as RouteName[]) {
    const { method, path } = PATHS[name];
    const filled = path.replace('{event}', event).replace('{hold}', `${event}.${'A'.repeat(22)}`);
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
    for (const [token, code] of [
      [forged, 'token.invalid'],
      [unsigned, 'token.invalid'],
      [expired, 'token.expired'],
    ] as const) {
      const answer = await kit.client(token).send(method, filled, body);
      if (ROUTES[name].access === 'open') assert.is(answer.status, 201, name);
      else isProblem(answer, code);
    }
  }
  const text = kit.logs.slice(logged).join('');
  assert.not.match(text, '"status":500');
  assert.not.match(text, '"audit":"operator"', 'nobody was taken for an operator');
});

test("security 10, 1: to a shopper an operator's address is the same 404 as one that is not there", async ({
  kit,
}) => {
  const shopper = kit.client(await kit.token());
  const nowhere = await shopper.send('GET', '/v1/nowhere');
  const names = Object.keys(PATHS) as RouteName[];
  for (const name of names.filter((each) => ROUTES[each].access === 'operator')) {
    const { method, path } = PATHS[name];
    const filled = path.replace('{event}', event).replace('{hold}', `${event}.${'A'.repeat(22)}`);
    const answer = await shopper.send(method, filled, method === 'GET' ? {} : { body: {} });
    isProblem(answer, 'route.unknown');
    const hide = (text: string) => text.replace(/"instance":"[^"]*"/, '');
    assert.is(hide(answer.text), hide(nowhere.text));
    isProblem(await kit.client().send(method, filled), 'token.missing');
  }
});

test('security 11: logs name no owner, no token, no label and no address', async ({ kit }) => {
  const token = await kit.token('shopper', 'somebody-in-person');
  await kit.client(token).send('POST', holds, { body: { seats: ['A-1-1'], chartHash: 'x' } });
  const operator = kit.client(await kit.token('operator', 'operator-in-person'));
  done(await operator.call('readStats', { params: { event } }), 200);
  const text = kit.logs.join('');
  assert.match(text, '"action":"readStats"');
  assert.match(text, '"route":"placeHold"');
  for (const secret of [token, 'in-person', 'A-1-1', '127.0.0.1']) {
    assert.not.match(text, secret);
  }
});

test('health, readiness and figures are not on the port that is published', async ({ kit }) => {
  const operator = kit.client(await kit.token('operator'));
  for (const path of ['/healthz', '/readyz', '/metrics', '/v1/metrics', '/Metrics', '/metrics/']) {
    isProblem(await kit.client().send('GET', path), 'route.unknown');
    isProblem(await operator.send('GET', path), 'route.unknown');
  }
});

test('security 19: request ids are taken from the caller only in their own form', async ({
  kit,
}) => {
  const id = (value: string) =>
    kit
      .client()
      .send('GET', '/v1/events', { headers: { 'x-request-id': value } })
      .then(({ headers }) => headers.get('x-request-id'));
  assert.is(await id('tap-17.a_b'), 'tap-17.a_b');
  for (const bad of ['a b', 'a|b', 'x'.repeat(65), '"><script>']) {
    assert.match((await id(bad)) ?? '', /^[A-Za-z0-9_-]{22}$/);
  }
});

test('pages of listed origins may read answers, others may not', async () => {
  const origin = 'https://tickets.example.org';
  const kit = await startApiKit({ settings: { allowedOrigins: [origin] } });
  try {
    const from = (given: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${kit.apis[0]?.port()}/v1/events`, {
        method,
        headers: { origin: given, 'access-control-request-method': 'POST' },
      });
    assert.is((await from(origin)).headers.get('access-control-allow-origin'), origin);
    assert.is((await from(origin, 'OPTIONS')).status, 204);
    const exposed = (await from(origin)).headers.get('access-control-expose-headers') ?? '';
    const documented = Object.values<Route>(ROUTES).flatMap(({ answers }) =>
      Object.values(answers).flatMap(({ headers }) => headers ?? []),
    );
    const always = ['Cache-Control']; // browsers show it without being told
    const limits = ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'];
    for (const name of new Set([...documented, ...limits].filter((one) => !always.includes(one)))) {
      assert.ok(exposed.split(', ').includes(name), `${name} is hidden from pages`);
    }
    for (const hostile of ['https://tickets.example.org.evil.example.org', 'null']) {
      assert.is((await from(hostile)).headers.get('access-control-allow-origin'), null);
      assert.is((await from(hostile, 'OPTIONS')).status, 405);
    }
  } finally {
    await kit.stop();
  }
});

test.run();
