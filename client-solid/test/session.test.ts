import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { OneTabAtATime } from '../src/shop/one-tab-at-a-time.ts';
import { createSessionKeeper, type SessionParts } from '../src/shop/session.ts';

const test = suite('session');
const HOUR_MS = 3_600_000;

function kit(storage: SessionParts['storage']) {
  const ambient = createManualAmbient();
  let issued = 0;
  let last: Promise<unknown> = Promise.resolve();
  const turns: OneTabAtATime = (task) => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };
  const answer: { reachable: boolean } = { reachable: true };
  const open = () =>
    createSessionKeeper({
      storage,
      clock: ambient.clock,
      oneTabAtATime: turns,
      request: async () => {
        await ambient.settle();
        if (!answer.reachable) return { kind: 'unreachable', cause: null };
        issued += 1;
        const expiresAt = new Date(ambient.clock.wallMs() + 12 * HOUR_MS).toISOString();
        const body = { token: `token-${issued}`, owner: 'somebody', expiresAt };
        return { kind: 'done', status: 201, body, headers: new Headers() };
      },
    });
  return { ambient, open, answer, issued: () => issued };
}

function memory(first: readonly (readonly [string, string])[] = []): SessionParts['storage'] {
  const kept = new Map(first);
  return () => ({
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
  });
}

test('a reload stays the same shopper', async () => {
  const { open, issued } = kit(memory());
  await open().ensure();
  const again = open();
  assert.is(again.token, 'token-1');
  await again.ensure();
  assert.is(issued(), 1);
});

test('parts of the page that start together become one shopper', async () => {
  const { open, issued } = kit(memory());
  const session = open();
  await Promise.all([session.ensure(), session.ensure(), session.replace(null)]);
  assert.is(issued(), 1);
});

test('tabs that start together become one shopper, also when all are refused with an old token', async () => {
  const { open, issued } = kit(memory());
  const tabs = [open(), open(), open()];
  await Promise.all(tabs.map((tab) => tab.ensure()));
  assert.is(issued(), 1);
  assert.equal(
    tabs.map(({ token }) => token),
    ['token-1', 'token-1', 'token-1'],
  );
  await Promise.all(tabs.map((tab) => tab.replace('token-1')));
  assert.is(issued(), 2);
  assert.equal(
    tabs.map(({ token }) => token),
    ['token-2', 'token-2', 'token-2'],
  );
});

test('a token is replaced only by who was refused with it', async () => {
  const { open } = kit(memory());
  const session = open();
  await session.ensure();
  await session.replace('token-1');
  await session.replace('token-1');
  assert.is(session.token, 'token-2');
});

test('an expired token is forgotten, one that ends soon is renewed when asked', async () => {
  const { ambient, open } = kit(memory());
  const session = open();
  await session.ensure();
  await session.renewIfEnding();
  assert.is(session.token, 'token-1');
  ambient.jumpWall(11 * HOUR_MS);
  await session.renewIfEnding();
  assert.is(session.token, 'token-2');
  ambient.jumpWall(12 * HOUR_MS);
  assert.is(open().token, null);
});

test('storage that throws, or holds something else, is the same as an empty one', async () => {
  const forbidden = (): never => {
    throw new Error('storage is forbidden');
  };
  for (const storage of [
    forbidden,
    memory([['holdfast.session', '{"token":5}']]),
    memory([['holdfast.session', 'not json']]),
  ]) {
    const session = kit(storage).open();
    assert.is(session.token, null);
    assert.equal(await session.ensure(), { kind: 'ready' });
    assert.is(session.token, 'token-1');
  }
});

test('an unreachable server is told as such, and the next attempt is free to succeed', async () => {
  const { open, answer } = kit(memory());
  const session = open();
  answer.reachable = false;
  assert.equal(await session.ensure(), { kind: 'unreachable' });
  answer.reachable = true;
  assert.equal(await session.ensure(), { kind: 'ready' });
});

test.run();
