import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { basketKit, MAX_SEATS } from './basket-kit.ts';
import type { Fate } from './pretend-server.ts';

const test = suite('basket');

test('the first tap places a hold, taps meanwhile go out together as one amendment', async () => {
  const { basket, server, rest } = await basketKit();
  basket.toggle('A-1-1');
  basket.toggle('A-1-2');
  basket.toggle('A-1-3');
  assert.equal(basket.view.adding, ['A-1-1', 'A-1-2', 'A-1-3']);
  await rest();
  assert.equal(basket.view.held?.hold.seats, ['A-1-1', 'A-1-2', 'A-1-3']);
  assert.equal(basket.view.adding, []);
  assert.equal(
    server.requests.map(({ method }) => method),
    ['POST', 'PATCH'],
  );
  assert.is(server.inFlightMost, 1);
});

test('a seat tapped twice before it was sent is never sent', async () => {
  const { basket, server, rest } = await basketKit();
  basket.toggle('A-1-1');
  basket.toggle('A-1-2');
  basket.toggle('A-1-2');
  await rest();
  assert.equal(server.basketOf('token-1'), ['A-1-1']);
  assert.is(server.requests.length, 1);
});

test('I5: somebody was faster names the seats, and the rest of the basket is as it was', async () => {
  const { basket, server, messages, rest } = await basketKit();
  basket.toggle('A-1-1');
  await rest();
  server.taken.add('A-1-2');
  basket.toggle('A-1-2');
  await rest();
  assert.equal(messages, [{ kind: 'taken', seats: ['A-1-2'] }]);
  assert.equal(basket.view.held?.hold.seats, ['A-1-1']);
  assert.equal(basket.view.adding, []);
});

test('of several seats asked for at once, those that are free are held all the same', async () => {
  const { basket, server, messages, rest } = await basketKit();
  server.taken.add('A-1-2');
  basket.toggle('A-1-9');
  basket.toggle('A-1-1');
  basket.toggle('A-1-2');
  await rest();
  assert.equal(messages, [{ kind: 'taken', seats: ['A-1-2'] }]);
  assert.equal(basket.view.held?.hold.seats, ['A-1-9', 'A-1-1']);
});

test('a lost reply is asked for again with the same key, and done once', async () => {
  const { basket, server, rest } = await basketKit();
  const fates = ['lost-after', 'lost-before', 'busy'] as const;
  let at = 0;
  server.fate = () => fates[at++] ?? 'arrives';
  basket.toggle('A-1-1');
  await rest();
  assert.equal(basket.view.held?.hold.seats, ['A-1-1']);
  assert.is(server.requests.length, 4);
  assert.is(new Set(server.requests.map(({ key }) => key)).size, 1);
  assert.is(server.requests[0]?.key?.length, 22);
});

test('two actions never share a key', async () => {
  const { basket, server, rest } = await basketKit();
  for (const label of ['A-1-1', 'A-1-2', 'A-1-3']) {
    basket.toggle(label);
    await rest();
  }
  basket.extend();
  await rest();
  assert.is(new Set(server.requests.map(({ key }) => key)).size, 4);
});

test('without any answer the basket is read again before anything else is sent', async () => {
  const { basket, server, messages, rest } = await basketKit();
  let fate: Fate = 'lost-after';
  server.fate = () => fate;
  basket.toggle('A-1-1');
  await rest();
  assert.equal(messages, [{ kind: 'unsettled' }]);
  assert.is(basket.view.held, null);
  fate = 'arrives';
  await rest();
  assert.equal(basket.view.held?.hold.seats, ['A-1-1']);
});

test('a basket of another window is taken over, and the tap is asked again on top of it', async () => {
  const { basket, server, messages, rest } = await basketKit();
  server.elsewhere('token-1', ['B-1-1']);
  basket.toggle('A-1-1');
  await rest();
  assert.equal(basket.view.held?.hold.seats, ['B-1-1', 'A-1-1']);
  server.elsewhere('token-1', ['B-1-1', 'A-1-1', 'B-1-2']);
  basket.toggle('B-1-1');
  await rest();
  assert.equal(basket.view.held?.hold.seats, ['A-1-1', 'B-1-2']);
  assert.equal(messages, []);
});

test('giving back the last seat empties the basket without an alarm', async () => {
  const { basket, server, messages, rest } = await basketKit();
  basket.toggle('A-1-1');
  await rest();
  basket.toggle('A-1-1');
  await rest();
  assert.is(basket.view.held, null);
  assert.is(server.basketOf('token-1'), null);
  assert.equal(messages, []);
});

test('release gives everything back, also what is only on its way', async () => {
  const { basket, server, rest } = await basketKit();
  basket.toggle('A-1-1');
  basket.toggle('A-1-2');
  basket.release();
  await rest();
  assert.is(basket.view.held, null);
  assert.is(server.basketOf('token-1'), null);
});

test('the notice of the end empties the basket and says why; nothing brings it back', async () => {
  const { basket, server, messages, rest } = await basketKit();
  basket.toggle('A-1-1');
  await rest();
  basket.extend();
  const ended = server.end('token-1', 'expired');
  basket.noteEnd(ended, 'expired');
  await rest();
  assert.is(basket.view.held, null);
  assert.equal(messages, [{ kind: 'ended', why: 'expired' }]);
  basket.toggle('A-1-2');
  await rest();
  assert.equal(basket.view.held?.hold.seats, ['A-1-2']);
});

test('a hold that ended unheard is noticed at the next look or change', async () => {
  for (const act of ['look', 'extend', 'toggle'] as const) {
    const { basket, server, messages, rest } = await basketKit();
    basket.toggle('A-1-1');
    await rest();
    server.end('token-1', 'revoked');
    if (act === 'toggle') basket.toggle('A-1-2');
    else basket[act]();
    await rest();
    assert.is(basket.view.held, null, act);
    assert.is(messages[0]?.kind, 'ended', act);
  }
});

test('row 13: after a Redis that went back the page has the basket that is there now, and goes on with it', async () => {
  for (const act of ['look', 'toggle'] as const) {
    const { basket, server, messages, rest } = await basketKit();
    basket.toggle('A-1-1');
    await rest();
    const goBack = server.copy();
    basket.toggle('A-1-2');
    await rest();
    goBack();
    if (act === 'look') basket.look();
    else basket.toggle('A-1-3');
    await rest();
    const seats = act === 'look' ? ['A-1-1'] : ['A-1-1', 'A-1-3'];
    assert.equal(basket.view.held?.hold.seats, seats);
    assert.equal(server.basketOf('token-1'), seats);
    assert.equal(messages, []);
  }
});

test('row 13: a hold that was given back and lives again in a Redis that went back is the basket again', async () => {
  const { basket, server, rest } = await basketKit();
  basket.toggle('A-1-1');
  await rest();
  const goBack = server.copy();
  basket.release();
  await rest();
  assert.is(basket.view.held, null);
  goBack();
  basket.toggle('A-1-2');
  await rest();
  assert.equal(basket.view.held?.hold.seats, ['A-1-1', 'A-1-2']);
  assert.equal(server.basketOf('token-1'), ['A-1-1', 'A-1-2']);
});

test('no more seats than the policy allows are asked for', async () => {
  const { basket, server, messages, rest } = await basketKit();
  for (let seat = 0; seat <= MAX_SEATS; seat += 1) basket.toggle(`A-1-${seat}`);
  await rest();
  assert.is(basket.view.held?.hold.seats.length, MAX_SEATS);
  assert.equal(messages, [{ kind: 'too-many', most: MAX_SEATS }]);
  assert.is(server.inFlightMost, 1);
});

test('a wait of minutes is told to the shopper at once, and nothing is asked for meanwhile', async () => {
  const { basket, server, messages, rest } = await basketKit();
  const before = server.requests.length;
  server.fate = () => (server.requests.at(-1)?.method === 'POST' ? 'spent' : 'arrives');
  basket.toggle('A-1-1');
  await rest();
  const sent = server.requests.slice(before).filter(({ method }) => method === 'POST');
  assert.is(sent.length, 1);
  const [told] = messages;
  assert.is(told?.kind === 'refused' && told.problem.code, 'budget.spent');
  assert.equal(basket.view.adding, []);
});

test('a token that the server refuses is replaced and the call is made again', async () => {
  const { basket, server, session, rest } = await basketKit();
  server.refusedTokens.add('token-1');
  basket.toggle('A-1-1');
  await rest();
  assert.is(session.token, 'token-2');
  assert.equal(server.basketOf('token-2'), ['A-1-1']);
});

test('a token that ends soon is renewed only while no basket hangs on it', async () => {
  const { basket, server, ambient, session, rest } = await basketKit();
  basket.toggle('A-1-1');
  await rest();
  ambient.jumpWall(11 * 3_600_000);
  basket.look();
  await rest();
  assert.is(session.token, 'token-1');
  server.end('token-1', 'expired');
  basket.look();
  await rest();
  basket.toggle('A-1-2');
  await rest();
  assert.is(session.token, 'token-2');
  assert.equal(server.basketOf('token-2'), ['A-1-2']);
});

test('a stopped basket sends nothing more', async () => {
  const { basket, server, ambient, rest } = await basketKit();
  server.fate = () => 'lost-before';
  basket.look();
  await ambient.settle();
  basket.stop();
  await rest();
  assert.is(server.requests.length, 1);
  assert.is(ambient.armed(), 0);
});

test('whatever is tapped, lost, taken and ended: at rest the page shows what the server holds', async () => {
  const seed = testSeed('basket');
  const fraction = seededFraction(seed);
  const troubles: readonly Fate[] = ['lost-before', 'lost-after', 'busy'];
  for (let round = 0; round < 40; round += 1) {
    const { basket, server, ambient, session, rest } = await basketKit(seed + round);
    const owner = session.token ?? '';
    const bad = fraction() * 0.4;
    server.fate = () =>
      (fraction() < bad ? troubles[Math.floor(fraction() * troubles.length)] : null) ?? 'arrives';
    for (let step = 0; step < 25; step += 1) {
      const label = `A-1-${Math.floor(fraction() * 7)}`;
      const die = fraction();
      if (die < 0.6) basket.toggle(label);
      else if (die < 0.68) basket.extend();
      else if (die < 0.74) basket.release();
      else if (die < 0.8 && server.basketOf(owner) !== null) {
        const ended = server.end(owner, 'expired');
        if (fraction() < 0.5) basket.noteEnd(ended, 'expired');
      } else if (server.taken.has(label)) server.taken.delete(label);
      else if (!server.basketOf(owner)?.includes(label)) server.taken.add(label);
      if (fraction() < 0.7) await ambient.advance(fraction() * 400);
    }
    server.fate = () => 'arrives';
    await rest();
    basket.look();
    await rest();
    const { held, adding, dropping, work } = basket.view;
    assert.equal(held?.hold.seats ?? null, server.basketOf(owner), `round ${round}`);
    assert.equal({ adding, dropping, work }, { adding: [], dropping: [], work: 'none' });
    assert.is(server.inFlightMost, 1);
    assert.is(ambient.armed(), 0);
  }
});

test('a hold that Redis is said to have lost is ended only when the server does not know it either', async () => {
  const kit = await basketKit();
  kit.basket.toggle('A-1');
  await kit.rest();
  const { held } = kit.basket.view;
  const id = held?.hold.id ?? '';
  kit.basket.noteForgotten(id);
  await kit.rest();
  assert.is(kit.basket.view.held?.hold.id, id, 'the server knows it');
  kit.server.forget();
  kit.basket.noteForgotten(id);
  await kit.rest();
  assert.is(kit.basket.view.held, null);
  assert.equal(kit.messages, [{ kind: 'ended', why: 'forgotten' }]);
});

test.run();
