import { eventId, StoreUnavailableError, StoreUnsettledError } from '@holdfast/db/model';
import { createRedisHoldStore } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';

const EVENT = eventId('scripts');

const scripts = suite('sending a script');
let server: TestRedis;

scripts.before(async () => {
  server = await startTestRedis();
});
scripts.after(() => server.stop());

scripts(
  'row 9: a server that forgot the scripts gets their text: NOSCRIPT is never an answer',
  async () => {
    const redis = server.connect();
    const store = createRedisHoldStore({ redis });
    for (let round = 0; round < 3; round += 1) {
      await redis.script('FLUSH');
      assert.is((await store.snapshot(EVENT)).outcome, 'event.loading');
    }
    await redis.quit();
  },
);

scripts('I5: a server that cannot be reached is unavailable: the command did not run', async () => {
  const redis = new Redis({ port: 1, lazyConnect: true, enableOfflineQueue: false });
  redis.on('error', () => undefined); // refused; the answer below speaks of it
  const error = await createRedisHoldStore({ redis })
    .snapshot(EVENT)
    .catch((thrown: unknown) => thrown);
  assert.instance(error, StoreUnavailableError);
  redis.disconnect();
});

scripts(
  'row 8, I5: a reply that does not come is unsettled: the same command may be sent again',
  async () => {
    const silent = await startTestRedis();
    const options = { port: silent.port, commandTimeout: 100, enableOfflineQueue: false };
    const redis = new Redis(options);
    redis.on('error', () => undefined); // the server is paused below
    await new Promise((resolve) => redis.once('ready', resolve));
    await silent.pause();
    const error = await createRedisHoldStore({ redis })
      .snapshot(EVENT)
      .catch((thrown: unknown) => thrown);
    assert.instance(error, StoreUnsettledError);
    await silent.resume();
    redis.disconnect();
    await silent.stop();
  },
);

scripts(
  'a script that fails inside is a defect and surfaces as itself, with no hidden retry',
  async () => {
    const redis = server.connect();
    await redis.set('{scripts}:meta', 'not a hash');
    const error = await createRedisHoldStore({ redis })
      .snapshot(EVENT)
      .catch((thrown: unknown) => thrown);
    assert.match(String(error), 'WRONGTYPE');
    await redis.del('{scripts}:meta');
    await redis.quit();
  },
);

scripts.run();
