import type { ViewerMap } from '@holdfast/db/audit';
import { type RedisConnection, readStoredEvent, type StoredEvent } from '@holdfast/db/redis';
import type { OpenShow } from '../open-show.ts';
import { until } from '../until.ts';
import type { Screen } from './screen.ts';

/** No deadline falls into this time: the event can be read in peace. */
const PEACE_MS = 5_000;
const LIMIT_MS = 30_000;

/**
 * Waits until every overdue or soon overdue hold has ended by itself, then reads all that Redis has
 * of the event. What is left is held for longer, or blocked.
 */
export async function readWhenQuiet(redis: RedisConnection, show: OpenShow): Promise<StoredEvent> {
  return until(
    'all short holds have ended and nothing changes',
    async () => {
      const stored = await readStoredEvent(redis, show.id);
      const [seconds = 0] = (await redis.time()).map(Number);
      const nextDueMs = Math.min(...stored.due.values());
      return nextDueMs > seconds * 1_000 + PEACE_MS ? stored : null;
    },
    LIMIT_MS,
  );
}

/** A screen and what it watches at the end. */
export type WatchingScreen = {
  readonly live: Screen;
  readonly sections: 'all' | readonly number[];
};

/** Waits until each screen is live and shows what Redis has of its sections; says which one does not. */
export async function viewersAgree(
  screens: readonly WatchingScreen[],
  { map }: StoredEvent,
): Promise<ViewerMap[]> {
  for (const { live, sections } of screens) {
    const wrong = (): string[] =>
      live
        .shown(sections)
        .flatMap((shown) => [...shown.map].map((seat, at) => [shown.from + at, seat] as const))
        .filter(([seat, state]) => state !== map[seat])
        .map(([seat, state]) => `${seat} shown ${state} is ${map[seat]}`);
    const agrees = (): boolean => live.isLive() && wrong().length === 0;
    await until(`viewer ${live.name} shows what Redis has`, agrees, LIMIT_MS).catch(
      (error: unknown) => {
        const said = `${live.describe()}: ${wrong().slice(0, 10).join(', ')}`;
        throw new Error(`viewer ${live.name} is ${said}`, { cause: error });
      },
    );
  }
  return screens.flatMap(({ live, sections }) => live.shown(sections));
}
