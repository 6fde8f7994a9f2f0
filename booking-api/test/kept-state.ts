import type { EventId } from '@holdfast/db/model';
import type { ApiKit } from './api-kit.ts';

/** All that a request could have changed, as text to compare: seats, holds, documents, blocks and news. */
export async function keptState(kit: ApiKit, events: readonly EventId[]): Promise<string> {
  const kept: unknown[] = [await kit.catalogue.listEvents(), kit.news.published.length];
  for (const event of events) {
    const snapshot = await kit.store.snapshot(event);
    if (snapshot.outcome === 'taken') kept.push([...snapshot.map], snapshot.position);
    kept.push(await kit.catalogue.listBlocks(event));
    const { nowMs: _, ...due } = (await kit.store.nextDue([event]))[0] ?? { nowMs: 0 };
    kept.push(due);
  }
  return JSON.stringify(kept);
}
