import { createManualAmbient, suite, testSeed } from '@holdfast/infra/testing';
import { createViewer, type Viewer } from '@holdfast/realtime-hub/viewer';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { deltaEntry, encodeDelta } from '../src/emitter/delta.ts';
import { CHART_HASH, EVENT, openSimulatedEvent, SEAT_COUNT, SECTIONS } from './simulated-event.ts';
import { startSimulatedHub } from './simulated-hub.ts';
import { createUnreliableLink, type LinkFaults, type UnreliableLink } from './unreliable-link.ts';

const test = suite('viewer convergence');

type Step =
  | { readonly kind: 'flip'; readonly seat: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'break'; readonly viewer: number }
  | { readonly kind: 'choose'; readonly viewer: number; readonly sections: readonly number[] }
  | { readonly kind: 'remember' | 'go back' | 'new epoch' };

const WATCHED = ['all', 'all', [0, 2], [1]] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.nat(SEAT_COUNT - 1).map((seat) => ({ kind: 'flip', seat }) as const),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 400 }).map((ms) => ({ kind: 'wait', ms }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.nat(WATCHED.length - 1).map((viewer) => ({ kind: 'break', viewer }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 3 }), fc.subarray([0, 1, 2]))
      .map(([viewer, sections]) => ({ kind: 'choose', viewer, sections }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step[]>(
      { kind: 'remember' },
      { kind: 'go back' },
      { kind: 'new epoch' },
    ),
  },
);

const faultsOf = fc.record({
  drop: fc.constantFrom(0, 0.1, 0.5),
  double: fc.constantFrom(0, 0.3),
  delayMs: fc.constantFrom(0, 30, 400),
});

/** Longer than a head, a beat, a silence and every retry. */
const CALM_MS = 45_000;

async function runScenario(seed: number, bad: LinkFaults, steps: readonly Step[]): Promise<void> {
  const ambient = createManualAmbient({ seed });
  const event = await openSimulatedEvent(ambient);
  const hubs = [startSimulatedHub(event.store, ambient), startSimulatedHub(event.store, ambient)];
  const faults: LinkFaults = { ...bad };
  const watched: ('all' | readonly number[])[] = [...WATCHED];
  const links: UnreliableLink[] = [];
  const viewers: Viewer[] = WATCHED.map((sections) => {
    const transport = createUnreliableLink(hubs, ambient, faults);
    links.push(transport);
    const chart = { hash: CHART_HASH, sections: SECTIONS };
    const listener = {
      state: () => undefined,
      sale: () => undefined,
      overview: () => undefined,
      notice: () => undefined,
      seats: () => undefined,
      section: () => undefined,
    };
    return createViewer({ transport, ambient, chart, sections, listener });
  });
  await ambient.advance(100);

  const flip = async (seat: number): Promise<void> => {
    const { epoch, entries } = await event.flip(seat);
    const delta = encodeDelta({ event: EVENT, epoch, entries: entries.map(deltaEntry) });
    for (const hub of hubs) {
      if (ambient.random.fraction() < faults.drop) continue;
      ambient.timers.after(ambient.random.fraction() * faults.delayMs, () =>
        hub.reader.offer(delta),
      );
    }
  };
  for (const taken of steps) {
    if (taken.kind === 'flip') await flip(taken.seat);
    else if (taken.kind === 'wait') await ambient.advance(taken.ms);
    else if (taken.kind === 'break') links[taken.viewer]?.break();
    else if (taken.kind === 'choose') {
      watched[taken.viewer] = taken.sections;
      viewers[taken.viewer]?.watch(taken.sections);
    } else if (taken.kind === 'remember') event.remember();
    else if (taken.kind === 'go back') event.goBack();
    else {
      const seenEpoch = event.store.state(EVENT).epoch;
      await event.store.newEpoch(EVENT, { seenEpoch });
    }
  }
  Object.assign(faults, { drop: 0, double: 0, delayMs: 0 });
  await ambient.advance(CALM_MS);

  const truth = await event.truth();
  for (const [at, viewer] of viewers.entries()) {
    const sections = watched[at] === 'all' ? [0, 1, 2] : watched[at];
    for (const section of Array.isArray(sections) ? sections : []) {
      const { start, seatCount } = SECTIONS[section] ?? { start: 0, seatCount: 0 };
      const seen = viewer.map.slice(start, start + seatCount);
      assert.equal(seen, truth.slice(start, start + seatCount), `viewer ${at}, section ${section}`);
    }
    if (watched[at]?.length !== 0) assert.is(viewer.state.kind, 'live', `viewer ${at}`);
  }
  for (const hub of hubs) {
    assert.is(hub.reader.counters.repairs, 0, 'a comparison found nothing to repair');
    hub.stop();
  }
  for (const viewer of viewers) viewer.stop();
  assert.is(ambient.armed(), 0, 'a stopped hub and viewer leave no timer');
}

test(
  'rows 33, 34, I4: every viewer converges to the true map, whatever was dropped, doubled or reordered',
  async () => {
    const seed = testSeed('viewer convergence');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        faultsOf,
        fc.array(step, { minLength: 5, maxLength: 60 }),
        runScenario,
      ),
      { seed, numRuns: 400, includeErrorInReport: true },
    );
  },
  { timeoutMs: 120_000 },
);

test.run();
