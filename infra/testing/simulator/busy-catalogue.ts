import { type Catalogue, CatalogueError } from '@holdfast/db/catalogue';
import type { EventDocument, EventId } from '@holdfast/db/model';
import type { World } from './world.ts';

/**
 * The catalogue as processes see it: now and then another writer is in the way. Events are asked for
 * all the time and hardly ever changed, so the last answer is kept until somebody writes.
 */
export function createBusyCatalogue(world: World, catalogue: Catalogue): Catalogue {
  const kept = new Map<EventId, Promise<EventDocument | null>>();
  const readEvent = (id: EventId): Promise<EventDocument | null> => {
    const known = kept.get(id) ?? catalogue.readEvent(id);
    kept.set(id, known);
    return known;
  };
  const tried = async <T>(task: () => Promise<T>): Promise<T> => {
    if (world.hits('catalogue busy')) {
      throw new CatalogueError('catalogue.busy', 'the simulated catalogue is busy');
    }
    return await task();
  };
  return {
    listEvents: () => tried(() => catalogue.listEvents()),
    readEvent: (id) => tried(() => readEvent(id)),
    createEvent: (event) => tried(() => catalogue.createEvent(event)),
    updateEvent: (event, version) =>
      tried(() => {
        kept.clear();
        return catalogue.updateEvent(event, version);
      }),
    storeChart: (chart) => tried(() => catalogue.storeChart(chart)),
    readChartText: (hash) => tried(() => catalogue.readChartText(hash)),
    listBlocks: (event) => tried(() => catalogue.listBlocks(event)),
    addBlocks: (on, seats) => tried(() => catalogue.addBlocks(on, seats)),
    removeBlocks: (on, seats) => tried(() => catalogue.removeBlocks(on, seats)),
    appendFeed: (event, epoch, entries) => tried(() => catalogue.appendFeed(event, epoch, entries)),
    readFeed: (event, epoch) => tried(() => catalogue.readFeed(event, epoch)),
    lastArchived: (event) => tried(() => catalogue.lastArchived(event)),
    close: () => catalogue.close(),
  };
}
