import type { ViewerMap } from '@holdfast/db/audit';
import type { OwnerId, SaleState } from '@holdfast/db/model';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import { createViewer, type Viewer, type ViewerTransport } from '@holdfast/realtime-hub/viewer';
import type { ServerProcess } from './server-process.ts';
import type { Show } from './show.ts';
import type { SimulatedHub } from './simulated-hub.ts';
import { Life } from './simulated-process.ts';
import { createViewerLink, type ViewerLink } from './viewer-link.ts';
import type { World } from './world.ts';

/** The one viewer on a simulated connection; a page that sleeps is a process that stands still. */
export type SimulatedViewer = {
  readonly name: string;
  readonly life: Life;
  readonly link: ViewerLink;
  readonly viewer: Viewer;
  /** As it was told last. */
  readonly sale: SaleState | null;
  readonly sections: readonly number[];
  /** How often a beat told it that it showed wrong seats: never, unless the store forgot some. */
  readonly wrong: number;
  /** Chooses other sections to watch. */
  pan(): void;
  /** What it shows of each section that it watches. */
  shown(): ViewerMap[];
};

export type ViewerPlan = {
  readonly world: World;
  readonly name: string;
  readonly owner: OwnerId;
  readonly show: Show;
  readonly hubs: readonly ServerProcess<SimulatedHub>[];
  readonly onNotice: (notice: OwnerNotice) => void;
  /** Puts a defect between the connection and the viewer. */
  readonly spoil?: ((transport: ViewerTransport) => ViewerTransport) | undefined;
};

export function openSimulatedViewer(plan: ViewerPlan): SimulatedViewer {
  const { world, name, show } = plan;
  const life = new Life(world, name, 1);
  const all = show.chart.sections.map((_, section) => section);
  const link = createViewerLink({ ...plan, life, event: show.event });
  let sale: SaleState | null = null;
  let sections: readonly number[] = all;
  let wrong = 0;
  const epochs = new Map<number, string | null>();
  const viewer = createViewer({
    transport: plan.spoil?.(link) ?? link,
    ambient: life.ambient,
    chart: { hash: show.chartHash, sections: show.chart.sections },
    listener: {
      seats: () => undefined,
      section: (section, state) => {
        const { epoch } = viewer.position(section);
        // In another epoch everything is checked; in the same one only a digest can ask for it.
        if (state === 'checking' && epoch === epochs.get(section)) wrong += 1;
        epochs.set(section, epoch);
      },
      state: ({ kind }) => world.trace.note(name, 'is', kind),
      sale: (told) => {
        sale = told;
      },
      overview: () => undefined,
      notice: plan.onNotice,
    },
  });
  return {
    name,
    life,
    link,
    viewer,
    get sale() {
      return sale;
    },
    get sections() {
      return sections;
    },
    get wrong() {
      return wrong;
    },
    pan: () => {
      const some = all.filter(() => life.chance.happens(0.5));
      sections = some.length === 0 || life.chance.happens(0.3) ? all : some;
      viewer.watch(sections === all ? 'all' : sections);
    },
    shown: () =>
      sections.map((section) => {
        const { start = 0, seatCount = 0 } = show.chart.sections[section] ?? {};
        return { name, from: start, map: viewer.map.slice(start, start + seatCount) };
      }),
  };
}
