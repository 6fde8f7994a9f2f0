import { type Ambient, sleep } from '@holdfast/db/model';
import { type LiveViewer, openLiveViewer } from '../live-viewer.ts';
import type { OpenShow } from '../open-show.ts';
import type { TestStack } from '../stack.ts';
import { shopperToken } from './random-sale.ts';

/** A viewer and what it watches at the end. */
export type Watcher = { readonly live: LiveViewer; sections: 'all' | readonly number[] };

type WatchPlan = {
  readonly stack: TestStack;
  readonly show: OpenShow;
  readonly ambient: Ambient;
};

/** At every hub: one viewer of everything, one of each section, and one of a pair of sections. */
export async function openWatchers({ stack, show, ambient }: WatchPlan): Promise<Watcher[]> {
  const watchers: Watcher[] = [];
  const last = show.chart.sections.length - 1;
  for (const hub of stack.hubs) {
    const token = await shopperToken(stack);
    const watch = (what: string, sections: Watcher['sections']): void => {
      const live = openLiveViewer({
        name: `${hub.name}/${what}`,
        url: hub.url(),
        origin: stack.gatewayUrl,
        ...{ token, show, sections, ambient },
      });
      watchers.push({ live, sections });
    };
    watch('all', 'all');
    for (const [at, section] of show.chart.sections.entries()) watch(section.id, [at]);
    watch('ends', [0, last]);
  }
  return watchers;
}

const HOP_MS = 700;

/**
 * A viewer that pans: now this section, now that, now everything, until it is told to stop; then
 * all. What it missed of a section meanwhile must come with the answer.
 */
export async function openWanderer(
  { stack, show, ambient }: WatchPlan,
  fraction: () => number,
  signal: AbortSignal,
): Promise<{ readonly watcher: Watcher; readonly done: Promise<void> }> {
  const live = openLiveViewer({
    name: 'gateway/wanderer',
    url: stack.gatewayUrl,
    origin: stack.gatewayUrl,
    token: await shopperToken(stack),
    sections: 'all',
    ...{ show, ambient },
  });
  const wander = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(ambient.timers, HOP_MS);
      const sections = show.chart.sections.map((_, at) => at).filter(() => fraction() < 0.5);
      live.viewer.watch(fraction() < 0.2 ? 'all' : sections);
    }
    live.viewer.watch('all');
  };
  return { watcher: { live, sections: 'all' }, done: wander() };
}
