import { eventId } from '@holdfast/db/model';
import { createRedisHoldStore, eventKey } from '@holdfast/db/redis';
import { startTestRedis } from '@holdfast/infra/testing';
import { tellHoldStories } from './hold-stories.ts';

const server = await startTestRedis();
const redis = server.connect();
const meta = eventKey(eventId('evening-show'), 'meta');

tellHoldStories(
  'changes of holds, on Redis',
  async () => {
    await redis.flushall();
    return {
      store: createRedisHoldStore({ redis }),
      // The event's own clock runs ahead of Redis TIME by its shift.
      advance: async (ms) => void (await redis.hincrby(meta, 'shift', ms)),
    };
  },
  async () => {
    redis.disconnect();
    await server.stop();
  },
);
