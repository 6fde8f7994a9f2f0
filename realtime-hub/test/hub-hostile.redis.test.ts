import { suite } from '@holdfast/infra/testing';
import { PROTOCOL_VERSION } from '@holdfast/realtime-hub/protocol';
import type { Socket } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { type HubBench, handshake, startHubBench } from './hub-bench.ts';
import { nextMessage } from './until.ts';

const test = suite('hub under hostile input');

let bench: HubBench;
let bystander: Socket;
let disturbed = 0;

test.before(async () => {
  bench = await startHubBench(1);
  bystander = await connected();
  bystander.on('disconnect', () => {
    disturbed += 1;
  });
  await bystander.emitWithAck('watch', { sections: 'all' });
});
test.after(() => bench.stop());

/** After each attack: the process answers, and who did nothing wrong is still connected. */
test.afterEach(async () => {
  const reply: unknown = await bystander.timeout(5_000).emitWithAck('watch', { sections: [0] });
  assert.is(field(reply, 'outcome'), 'watching');
  assert.is(disturbed, 0);
});

async function connected(): Promise<Socket> {
  const socket = bench.socket(0, handshake(await bench.token('shopper')));
  socket.connect();
  await nextMessage(socket, 'connect');
  return socket;
}

/** The refusal of a handshake: `code` and `next`, or the text of a refused upgrade. */
async function refusal(auth: unknown, settings?: { origin: string }): Promise<unknown> {
  const socket = bench.socket(0, auth, settings);
  const error = nextMessage(socket, 'connect_error');
  socket.connect();
  const data = field(await error, 'data');
  return data === undefined ? 'upgrade refused' : [field(data, 'code'), field(data, 'next')];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

test('security 15: a foreign, missing, null, sub-domain or other-port Origin cannot connect', async () => {
  const auth = handshake(await bench.token('shopper'));
  const origins = [
    'https://evil.example.org',
    'https://www.tickets.example.org',
    'https://tickets.example.org:8443',
    'http://tickets.example.org',
    'null',
    '',
  ];
  for (const origin of origins) {
    assert.is(await refusal(auth, { origin }), 'upgrade refused', origin);
  }
});

test('an outdated page is told to reload, a newer one to try again', async () => {
  const token = await bench.token('shopper');
  const outdated = { token, event: 'gala', protocol: 0 };
  assert.equal(await refusal(outdated), ['protocol.outdated', 'reload']);
  assert.equal(await refusal({ protocol: 0, form: 'of long ago' }), [
    'protocol.outdated',
    'reload',
  ]);
  const ahead = handshake(token, 'gala', PROTOCOL_VERSION + 1);
  assert.equal(await refusal(ahead), ['protocol.ahead', 'retry']);
});

test('security 13: missing, forged, altered and alg-none tokens are refused with what to do', async () => {
  const token = await bench.token('shopper');
  const [header = '', payload = '', signature = ''] = token.split('.');
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const none = `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`;
  const operator = `${header}.${encode({ ...Object(claims), role: 'operator' })}.${signature}`;
  assert.equal(await refusal(handshake('')), ['token.missing', 'login']);
  assert.equal(await refusal({ event: 'gala', protocol: PROTOCOL_VERSION }), [
    'token.missing',
    'login',
  ]);
  const forged = [none, operator, `${header}.${payload}.`, 'x', `${header}.${payload}.AAAA`];
  for (const wrong of forged) {
    assert.equal(await refusal(handshake(wrong)), ['token.invalid', 'login'], wrong.slice(0, 20));
  }
  const huge = await refusal(handshake('a'.repeat(5_000)));
  assert.equal(huge, ['handshake.invalid', 'stop']);
});

test('security 16, 20: hostile handshakes are refused as such', async () => {
  const token = await bench.token('shopper');
  const base = { token, event: 'gala', protocol: PROTOCOL_VERSION };
  const invalid = [
    { ...base, extra: 1 },
    JSON.parse(
      `{"token":"${token}","event":"gala","protocol":${PROTOCOL_VERSION},"__proto__":{"role":"operator"}}`,
    ),
    { ...base, event: 'GALA' },
    { ...base, event: ['gala'] },
    { ...base, event: `gala'..redis.call('flushall')..'` },
    { ...base, protocol: `${PROTOCOL_VERSION}` },
    { ...base, token: { $ne: '' } },
  ];
  for (const auth of invalid) {
    assert.equal(await refusal(auth), ['handshake.invalid', 'stop'], JSON.stringify(auth));
  }
  assert.equal(await refusal(handshake(token, 'no-such-event')), ['event.unknown', 'stop']);
});

test('security 14: a token that expires mid-connection ends it, with the reason', async () => {
  const socket = bench.socket(0, handshake(await bench.token('shopper', 1)));
  const bye = nextMessage(socket, 'bye');
  const closed = nextMessage(socket, 'disconnect');
  socket.connect();
  const reason = await bye;
  assert.equal([field(reason, 'code'), field(reason, 'next')], ['token.expired', 'login']);
  assert.is(await closed, 'io server disconnect');
});

test('security 16, 20, I5: hostile watch requests are refused and change nothing', async () => {
  const deep = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) as unknown;
  const hostile: unknown[] = [
    null,
    7,
    'all',
    [],
    {},
    { sections: 'every' },
    { sections: [-1] },
    { sections: [0.5] },
    { sections: [2 ** 53] },
    { sections: [0, 0] },
    { sections: ['0'] },
    { sections: Array.from({ length: 10_000 }, (_, section) => section % 100) },
    { sections: 'all', epoch: '9'.repeat(21) },
    { sections: 'all', epoch: '1; flushall' },
    { sections: 'all', epoch: '1', offsets: [[0, -1]] },
    { sections: 'all', epoch: '1', offsets: [[0, 1, 2]] },
    { sections: 'all', epoch: '1', offsets: deep },
    { sections: 'all', admin: true },
    JSON.parse('{"sections":"all","__proto__":{"polluted":true}}'),
    JSON.parse('{"sections":"all","constructor":{"prototype":{"polluted":true}}}'),
    { sections: Buffer.from('all') },
    Buffer.alloc(1_000),
  ];
  let socket = await connected();
  for (const [at, request] of hostile.entries()) {
    // A connection may ask 20 times at once; this is not the test of that.
    if (at % 15 === 14) socket = await connected();
    const reply: unknown = await socket.timeout(5_000).emitWithAck('watch', request);
    assert.equal(
      [field(reply, 'outcome'), field(reply, 'code'), field(reply, 'next')],
      ['refused', 'watch.invalid', 'stop'],
      `request ${at}`,
    );
  }
  const reply: unknown = await socket.emitWithAck('watch', { sections: [3] });
  assert.is(field(reply, 'code'), 'watch.section');
  assert.is(field({}, 'polluted'), undefined);
});

test('security 16: a message over 32 KiB and broken packets, with attachments too, end only the connection that sent them', async () => {
  const socket = await connected();
  const closed = nextMessage(socket, 'disconnect');
  socket.emit('watch', { sections: 'x'.repeat(1_000_000) });
  await closed;
  for (const packet of [
    '2[',
    '51-["watch",{"_placeholder":true,"num":9}]',
    '5999999-["watch"]',
    '9',
  ]) {
    const other = await connected();
    const gone = nextMessage(other, 'disconnect');
    other.io.engine.write(packet);
    // A packet that is no packet closes the connection; one that waits for attachments may stay.
    other.io.engine.write('2["still here"');
    await gone;
  }
});

test('security 16: JSON as deep as a message can hold is refused like any other', async () => {
  const socket = await connected();
  const depth = 16_000;
  socket.io.engine.write(`2["watch",${'['.repeat(depth)}${']'.repeat(depth)}]`);
  socket.io.engine.write(`27["watch",{"sections":${'['.repeat(depth)}${']'.repeat(depth)}}]`);
  const reply: unknown = await socket.timeout(5_000).emitWithAck('watch', { sections: [0] });
  assert.is(field(reply, 'outcome'), 'watching');
});

test('security 16: unknown messages are counted, answered where asked, and end the connection when repeated', async () => {
  const socket = await connected();
  const bye = nextMessage(socket, 'bye');
  const reply: unknown = await socket.emitWithAck('join', 'owner:other');
  assert.is(field(reply, 'code'), 'message.unknown');
  socket.emit('f', 'forged frame');
  socket.emit('watch', { sections: 'all' });
  assert.is(field(await bye, 'code'), 'message.unknown');
  assert.ok((await bench.metric(0, 'holdfast_hub_unknown_messages_total')) >= 3);
});

test('security 16: one connection may ask only so much: the rest is refused with when to try again', async () => {
  const socket = await connected();
  const asked = Array.from({ length: 60 }, () => socket.emitWithAck('watch', { sections: [] }));
  const replies: unknown[] = await Promise.all(asked);
  const refused = replies.filter((reply) => field(reply, 'code') === 'rate.exceeded');
  assert.ok(refused.length >= 30, `${refused.length} of 60 refused`);
  assert.ok(refused.every((reply) => field(reply, 'retryAfterMs') === 1_000));
});

test('security 16: one network may open only so many sockets', async () => {
  const auth = handshake(await bench.token('shopper'));
  const opened: Socket[] = [];
  let refused = 0;
  for (let at = 0; at < 60; at += 1) {
    const socket = bench.socket(0, auth);
    const answer = Promise.race([
      nextMessage(socket, 'connect').then(() => true),
      nextMessage(socket, 'connect_error').then(() => false),
    ]);
    socket.connect();
    if (await answer) opened.push(socket);
    else refused += 1;
  }
  for (const socket of opened) socket.disconnect();
  assert.ok(refused >= 10, `${refused} of 60 refused`);
});

test.run();
