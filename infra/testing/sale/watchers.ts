import { type Ambient, sleep } from '@holdfast/db/model';
import { type LiveViewer, openLiveViewer } from '../live-viewer.ts';
import type { OpenShow } from '../open-show.ts';
import type { TestStack } from '../stack.ts';
import { openWireViewer, type WireViewer } from '../wire/wire-viewer.ts';
import { shopperToken } from './random-sale.ts';

/** A viewer and what it watches at the end. */
export type Watcher = { readonly live: LiveViewer; sections: 'all' | readonly number[] };

type WatchPlan = {
  readonly stack: TestStack;
  readonly show: OpenShow;
  readonly ambient: Ambient;
  /** For runs in which hubs come and go: a hub that is started again has another port. */
  readonly throughGateway?: boolean;
};

/** At every hub: one viewer of everything, one of each section, and one of a pair of sections. */
export async function openWatchers(plan: WatchPlan): Promise<Watcher[]> {
  const { stack, show, ambient } = plan;
  const watchers: Watcher[] = [];
  const last = show.chart.sections.length - 1;
  for (const hub of stack.hubs) {
    const token = await shopperToken(stack);
    const watch = (what: string, sections: Watcher['sections']): void => {
      const live = openLiveViewer({
        name: `${hub.name}/${what}`,
        url: plan.throughGateway === true ? stack.gatewayUrl : hub.url(),
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

/**
 * Five viewers for each hub that read the wire with code of the test's own: three of everything, one
 * of each end of the chart.
 */
export async function openWireWatchers(plan: WatchPlan): Promise<WireWatcher[]> {
  const { stack, show, ambient } = plan;
  const last = show.chart.sections.length - 1;
  const watched = ['all', 'all', 'all', [0], [last]] as const;
  const watchers: WireWatcher[] = [];
  for (const hub of stack.hubs) {
    const token = await shopperToken(stack);
    for (const [at, sections] of watched.entries()) {
      const live = openWireViewer({
        name: `${hub.name}/own reading ${at + 1}`,
        url: () => (plan.throughGateway === true ? stack.gatewayUrl : hub.url()),
        origin: stack.gatewayUrl,
        ...{ token, show, sections, ambient },
      });
      watchers.push({ live, sections });
    }
  }
  return watchers;
}

export type WireWatcher = {
  readonly live: WireViewer;
  readonly sections: 'all' | readonly number[];
};
