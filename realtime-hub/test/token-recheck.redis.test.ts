import { suite } from '@holdfast/infra/testing';
import { hubRefusal } from '@holdfast/realtime-hub/protocol';
import * as assert from 'uvu/assert';
import { type HubBench, handshake, startHubBench } from './hub-bench.ts';
import { nextMessage, until } from './until.ts';
import { watchingOn } from './watching.ts';

const test = suite('token proved again at watch');

let bench: HubBench;
test.before(async () => {
  bench = await startHubBench(1);
});
test.after(() => bench.stop());

function outcomeOf(reply: unknown): unknown {
  return typeof reply === 'object' && reply !== null ? Reflect.get(reply, 'outcome') : undefined;
}

test('security 14: a token whose key was rotated away mid-connection is refused at the next watch, with the login as advice, and the socket is closed', async () => {
  const socket = bench.socket(0, handshake(await bench.token('viewer')));
  socket.connect();
  await nextMessage(socket, 'connect');
  const ask = async (): Promise<unknown> =>
    await socket.timeout(5_000).emitWithAck('watch', { sections: [0] });
  assert.is(outcomeOf(await ask()), 'watching');
  await bench.rotateKeys();
  // The key before the newest still proves tokens: a rotation logs nobody out.
  assert.is(outcomeOf(await ask()), 'watching');
  await bench.rotateKeys();
  const bye = nextMessage(socket, 'bye');
  const closed = nextMessage(socket, 'disconnect');
  let last: unknown;
  // The hub looks at its key file once a second; a connection has twenty requests at once.
  await until('the watch is refused', async () => {
    last = await ask();
    if (outcomeOf(last) === 'watching') await new Promise((done) => setTimeout(done, 250));
    return outcomeOf(last) === 'refused';
  });
  assert.equal(last, hubRefusal('token.invalid'));
  assert.equal(await bye, hubRefusal('token.invalid'));
  assert.is(hubRefusal('token.invalid').next, 'login');
  assert.is(await closed, 'io server disconnect');
});

test('security 14: who has a token of the new key is let in again, and a refused viewer resumes with it', async () => {
  let token = await bench.token('viewer');
  const socket = bench.socket(0, {});
  socket.auth = (answer) => answer({ ...handshake(token) });
  const viewer = await watchingOn(bench, socket);
  await bench.rotateKeys();
  await bench.rotateKeys();
  await until('the viewer is refused', async () => {
    viewer.watch('all');
    await new Promise((done) => setTimeout(done, 250));
    return viewer.state.kind === 'refused';
  });
  const { state } = viewer;
  assert.is(state.kind === 'refused' ? state.refusal.next : '', 'login');
  token = await bench.token('viewer');
  viewer.resume();
  await until('the viewer is live again', () => viewer.state.kind === 'live');
  viewer.stop();
});

test.run();
