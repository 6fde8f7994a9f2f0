import { eventId } from '@holdfast/db/model';
import { createRedisHoldStore, eventKey } from '@holdfast/db/redis';
import { startTestCluster } from '@holdfast/infra/testing';
import { tellHoldStories } from './hold-stories.ts';

const servers = await startTestCluster();
const redis = await servers.connect();
const meta = eventKey(eventId('evening-show'), 'meta');

tellHoldStories(
  'changes of holds, on a Redis cluster (row 10)',
  async () => {
    await Promise.all(redis.nodes('master').map((primary) => primary.flushall()));
    return {
      store: createRedisHoldStore({ redis }),
      // The event's own clock runs ahead of Redis TIME by its shift.
      advance: async (ms) => void (await redis.hincrby(meta, 'shift', ms)),
    };
  },
  async () => {
    redis.disconnect();
    await servers.stop();
  },
);
