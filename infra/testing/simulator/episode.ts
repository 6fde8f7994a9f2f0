import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { type Chart, eventId, ownerId, seatLabels } from '@holdfast/db/model';
import { hallChart } from '../hall-chart.ts';
import { type Climate, drawClimate } from './climate.ts';
import { closingSale } from './closing-sale.ts';
import { createEventTrace, type TraceSink } from './event-trace.ts';
import { createFaultDirector } from './fault-director.ts';
import type { FaultTally } from './faults.ts';
import { type Defects, type Installation, installAll } from './installation.ts';
import { auditAll, unrestOf, type Violation, wrongViewers } from './judge.ts';
import { seededChance } from './seeded-chance.ts';
import type { Show } from './show.ts';
import { operate } from './simulated-operator.ts';
import { meddle, type StrangerPlan } from './simulated-stranger.ts';
import { createSimulatedTime } from './simulated-time.ts';
import { createWorld, type World } from './world.ts';

export type EpisodeOptions = {
  readonly seed: number;
  /** Gets every line of the trace. */
  readonly sink?: TraceSink;
  readonly defects?: Defects;
};

export type EpisodeReport = {
  readonly seed: number;
  readonly climate: Climate;
  /** Of the whole trace: the same seed gives the same one. */
  readonly digest: string;
  readonly simulatedMs: number;
  /** Tasks of the scheduler. */
  readonly tasks: number;
  /** Commands that the store ran. */
  readonly commands: number;
  /** `placeHold` -> `done` -> 212. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly faults: FaultTally;
  /** From the end of all trouble until everybody agreed. */
  readonly calmedMs: number;
  readonly violations: readonly Violation[];
};

const EVENT = eventId('gala');
const DOORS_OPEN_MS = 3_000;
const TROUBLE_BEGINS_MS = 5_000;
const PAN_EVERY_MS = 7_000;
const LOOK_EVERY_MS = 1_000;
/** Longer than a stale load, an upkeep, every retry and every silence. */
const CALM_LIMIT_MS = 240_000;
/** After a service was told to stop. */
const STOP_LIMIT_MS = 60_000;

/** Runs one simulated sale, from a cold start through trouble to a quiet end, and judges it. */
export async function runEpisode(options: EpisodeOptions): Promise<EpisodeReport> {
  const { seed, sink = null, defects = {} } = options;
  const climate = drawClimate(seededChance(seed, 'climate'));
  const time = createSimulatedTime();
  const trace = createEventTrace(time, sink);
  const chance = seededChance(seed, 'network');
  const tally: FaultTally = new Map();
  const world = createWorld({ seed, time, trace, climate, chance, tally });
  const calls = new Map<string, Map<string, number>>();
  const violations: Violation[] = [];
  const violate = (code: string, sentence: string): void => {
    trace.note('violation', code, sentence);
    violations.push({ code, sentence });
  };
  const count = (name: string, outcome: string): void => {
    const outcomes = calls.get(name) ?? new Map<string, number>();
    calls.set(name, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
  };
  const catalogue = await openSqliteCatalogue(':memory:');
  try {
    const show = await createShow(catalogue, climate);
    const all = installAll(world, { show, catalogue, defects, violate, count });
    await sell(world, all, show, violate);
    const saleOf = async () => (await catalogue.readEvent(EVENT))?.sale ?? 'draft';
    const calmedMs = await calmDown(world, all, saleOf, violate);
    for (const { code, sentence } of await closingSale(world, all, show)) violate(code, sentence);
    await calmDown(world, all, saleOf, violate);
    for (const { code, sentence } of [...auditAll(all), ...wrongViewers(all)]) {
      violate(code, sentence);
    }
    await stopAll(world, all, violate);
    return {
      ...{ seed, climate, calls, faults: tally, calmedMs, violations },
      digest: trace.digest(),
      simulatedMs: time.nowMs,
      tasks: time.ran,
      commands: all.store.history.commands,
    };
  } finally {
    await catalogue.close();
  }
}

async function createShow(
  catalogue: Awaited<ReturnType<typeof openSqliteCatalogue>>,
  { hall, policy }: Climate,
): Promise<Show> {
  const chart: Chart = hallChart(hall);
  const { hash: chartHash } = await catalogue.storeChart(chart);
  await catalogue.createEvent({
    ...{ id: EVENT, chartHash, policy, name: 'A simulated evening', venue: chart.name },
    ...{ startsAt: '2031-05-01T19:30:00Z', seatCount: chart.seatCount, sale: 'open', version: 1 },
  });
  const labels = seatLabels(chart);
  const seats = new Map(labels.map((label, seat) => [label, seat]));
  const seatOf = (label: string): number => seats.get(label) ?? -1;
  return { event: EVENT, chart, chartHash, policy, labels, seatOf };
}

/** The troubled part. */
async function sell(
  world: World,
  all: Installation,
  show: Show,
  violate: StrangerPlan['violate'],
): Promise<void> {
  const { time, climate } = world;
  let over = false;
  const isOver = (): boolean => over;
  for (const server of [...all.apis, ...all.hubs, ...all.workers]) {
    time.after(world.chance.between(0, DOORS_OPEN_MS), () => server.start());
  }
  time.after(DOORS_OPEN_MS, () => {
    for (const shopper of all.shoppers) void shopper.shop(isOver);
    const holds = () => all.shoppers.flatMap(({ basket }) => (basket === null ? [] : [basket]));
    const parts = { life: all.people, show, holds };
    const operator = all.callerOf(ownerId('operator'), 'operator');
    void operate({ ...parts, caller: operator }, isOver);
    const stranger = all.callerOf(ownerId('stranger'), 'shopper');
    void meddle({ ...parts, caller: stranger, violate }, isOver);
  });
  for (const viewer of all.viewers) {
    all.people.ambient.timers.every(PAN_EVERY_MS, () => {
      if (!isOver() && viewer.life.chance.happens(0.2)) viewer.pan();
    });
  }
  const director = createFaultDirector(world, all);
  time.after(TROUBLE_BEGINS_MS, () => director.start());
  await time.runUntil(climate.troubleMs);
  over = true;
  world.calm();
  director.end();
}

/** Waits until everybody agrees; gives how long that took. */
async function calmDown(
  { time, trace }: World,
  all: Installation,
  saleOf: () => Promise<string>,
  violate: (code: string, sentence: string) => void,
): Promise<number> {
  const begunMs = time.nowMs;
  let unrest: string | null = 'the episode has just ended';
  while (unrest !== null && time.nowMs - begunMs < CALM_LIMIT_MS) {
    await time.runUntil(time.nowMs + LOOK_EVERY_MS);
    unrest = unrestOf(all, await saleOf());
    trace.note('judge', unrest ?? 'all agree');
  }
  const calmedMs = time.nowMs - begunMs;
  if (unrest !== null) violate('unrest', `After ${calmedMs / 1_000} s without trouble ${unrest}.`);
  return calmedMs;
}

/** Stops all parts as their mains would; whoever leaves a timer behind is told. */
async function stopAll(
  { time }: World,
  all: Installation,
  violate: (code: string, sentence: string) => void,
): Promise<void> {
  for (const { viewer } of all.viewers) viewer.stop();
  for (const { running } of [...all.apis, ...all.hubs]) running?.service.stop();
  for (const { running } of all.workers) {
    if (running === null) continue;
    void running.service.drain?.().then(() => running.service.stop());
  }
  await time.runUntil(time.nowMs + STOP_LIMIT_MS);
  const lives = [...all.apis, ...all.hubs, ...all.workers].flatMap(({ running }) =>
    running === null ? [] : [running.life],
  );
  for (const life of [...lives, ...all.viewers.map((viewer) => viewer.life)]) {
    if (life.armed > 0) violate('timers.left', `${life.name} left ${life.armed} timers behind.`);
  }
}
