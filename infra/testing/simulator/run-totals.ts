import { replayCommand } from './command-words.ts';
import type { EpisodeReport } from './episode.ts';
import { EVENT_FAULTS, type FaultTally, MESSAGE_FAULTS } from './faults.ts';
import type { Violation } from './judge.ts';

/** What many episodes came to. */
export type RunTotals = {
  episodes: number;
  simulatedMs: number;
  /** Tasks of the scheduler, commands of the store, calls of people. */
  tasks: number;
  commands: number;
  calls: number;
  calmedMostMs: number;
  /** `placeHold` -> `done` -> 212. */
  readonly outcomes: Map<string, Map<string, number>>;
  readonly faults: FaultTally;
  readonly violated: { readonly seed: number; readonly violations: readonly Violation[] }[];
};

export type Spent = { readonly realMs: number; readonly cpuMs: number };

const HOUR_MS = 3_600_000;
/** One defect shows in many sentences. */
const SENTENCES_MAX = 10;

export function createTotals(): RunTotals {
  return {
    ...{ episodes: 0, simulatedMs: 0, tasks: 0, commands: 0, calls: 0, calmedMostMs: 0 },
    ...{ outcomes: new Map(), faults: new Map(), violated: [] },
  };
}

export function addEpisode(totals: RunTotals, report: EpisodeReport): void {
  totals.episodes += 1;
  totals.simulatedMs += report.simulatedMs;
  totals.tasks += report.tasks;
  totals.commands += report.commands;
  totals.calmedMostMs = Math.max(totals.calmedMostMs, report.calmedMs);
  for (const [name, outcomes] of report.calls) {
    const known = totals.outcomes.get(name) ?? new Map<string, number>();
    totals.outcomes.set(name, known);
    for (const [outcome, count] of outcomes) {
      totals.calls += count;
      known.set(outcome, (known.get(outcome) ?? 0) + count);
    }
  }
  for (const [fault, count] of report.faults) {
    totals.faults.set(fault, (totals.faults.get(fault) ?? 0) + count);
  }
  const { seed, violations } = report;
  if (violations.length > 0) totals.violated.push({ seed, violations });
}

export function progressLine(totals: RunTotals, spent: Spent): string {
  const { episodes, simulatedMs, calls, violated } = totals;
  return [
    `${Math.round(spent.realMs / 1_000)} s`,
    `${episodes} episodes`,
    `${hours(simulatedMs)} simulated`,
    speed(totals, spent),
    `${calls} calls`,
    `${violated.length} episodes violated`,
  ].join(', ');
}

/** What an episode violated, and how to see it again. */
export function violationLines({ seed, violations }: RunTotals['violated'][number]): string[] {
  const told = violations.slice(0, SENTENCES_MAX);
  const more = violations.length - told.length;
  return [
    `VIOLATED in the episode with seed ${seed}:`,
    ...told.map(({ code, sentence }) => `  ${code}: ${sentence}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  again: ${replayCommand(seed)}   (every step of it: add --trace)`,
  ];
}

export function reportLines(totals: RunTotals, spent: Spent): string[] {
  const { episodes, simulatedMs, tasks, commands, calls, outcomes, faults, violated } = totals;
  const usPerTask = (spent.cpuMs * 1_000) / Math.max(1, tasks);
  return [
    `Episodes          ${episodes}`,
    `Simulated         ${hours(simulatedMs)}`,
    `Speed             ${speed(totals, spent)}, ${usPerTask.toFixed(1)} us of processor a step`,
    `Operations        ${calls} calls of people, ${commands} commands of the store, ${tasks} steps`,
    `Calm again within ${(totals.calmedMostMs / 1_000).toFixed(0)} s of the end of trouble, at worst`,
    '',
    'Calls by outcome',
    ...[...outcomes].map(([name, ends]) => `  ${name}: ${byCount(ends)}`),
    '',
    'Faults by kind',
    ...table(
      new Map([...EVENT_FAULTS, ...MESSAGE_FAULTS].map((one) => [one, faults.get(one) ?? 0])),
    ),
    '',
    violated.length === 0
      ? 'Violations        none'
      : `Violations        in ${violated.length} episodes: ${violated.map(({ seed }) => seed).join(', ')}`,
  ];
}

function table(counts: ReadonlyMap<string, number>): string[] {
  const width = Math.max(0, ...[...counts.keys()].map((name) => name.length));
  return [...counts].map(([name, count]) => `  ${name.padEnd(width)}  ${count}`);
}

function byCount(counts: ReadonlyMap<string, number>): string {
  const inOrder = [...counts].sort(([, one], [, other]) => other - one);
  return inOrder.map(([name, count]) => `${name} ${count}`).join(', ');
}

function hours(ms: number): string {
  return `${(ms / HOUR_MS).toFixed(2)} h`;
}

/** By the clock on the wall, and by the time that a processor spent on it. */
function speed({ simulatedMs }: RunTotals, { realMs, cpuMs }: Spent): string {
  const times = (ms: number): string => `${Math.round(simulatedMs / Math.max(1, ms))} times`;
  return `${times(realMs)} real time (${times(cpuMs)} by processor time)`;
}
