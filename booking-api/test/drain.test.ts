import { Agent, request } from 'node:http';
import { createModelHoldStore } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { startApiKit } from './api-kit.ts';

const test = suite('draining');

test('requests in hand are answered, new connections are not taken, kept ones are closed', async () => {
  const store = createModelHoldStore({ nowMs: () => Date.now() });
  const kit = await startApiKit({ store });
  const { chartHash, id } = await kit.addEvent();
  const [api] = kit.apis;
  if (api === undefined) return assert.unreachable('no API');
  const arrived = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const { place } = store;
  store.place = async (...given) => {
    arrived.resolve();
    await goOn.promise;
    return place(...given);
  };
  const agent = new Agent({ keepAlive: true });
  const port = api.port();
  const token = await kit.token();
  const placing = post(agent, port, `/v1/events/${id}/holds`, token, {
    seats: ['A-1-1'],
    chartHash,
  });
  await arrived.promise;
  let drained = false;
  const draining = api.drain().then(() => {
    drained = true;
  });
  const refusedNow = await fetch(`http://127.0.0.1:${port}/v1/events`).then(
    () => false,
    () => true,
  );
  assert.ok(refusedNow, 'no new connection');
  assert.not(drained, 'a request is in hand');
  assert.not(api.isServing(), 'not ready for more');
  goOn.resolve();
  const { status, connection } = await placing;
  assert.is(status, 201);
  assert.is(connection, 'close');
  await draining;
  agent.destroy();
  await kit.stop();
});

function post(agent: Agent, port: number, path: string, token: string, body: unknown) {
  return new Promise<{ status: number | undefined; connection: string | undefined }>(
    (resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const sent = request({ agent, port, path, method: 'POST', headers }, (answer) => {
        answer.resume();
        answer.on('end', () =>
          resolve({ status: answer.statusCode, connection: answer.headers.connection }),
        );
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(body));
    },
  );
}

test.run();
