import { type EventDocument, seatLabels } from '@holdfast/db/model';
import { readStoredEvent } from '@holdfast/db/redis';
import { findChromium } from '@holdfast/infra/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { pause, until } from '../../harness/bounded.ts';
import { startTaskProcess } from '../../harness/child-tasks.ts';
import { type Figure, type FigureRun, type Measure, measureOf } from '../../harness/figure.ts';
import { interleave } from '../../harness/interleave.ts';
import { ratioOf } from '../../harness/ratio.ts';
import { type ReleaseStack, withReleases } from '../../harness/release-stack.ts';
import { percentile, summarise } from '../../harness/statistics.ts';
import { auditCheck } from '../audit-check.ts';
import { startBenchStack } from '../bench-stack.ts';
import { readStadium, showIn } from '../venue.ts';
import {
  beginWatching,
  clockSkewMs,
  noteRequests,
  probeSeats,
  sentMs,
  shownMs,
} from './tap-pages.ts';

const TAPS_A_SLICE = 10;
const STEP_LIMIT_MS = 15_000;
/** Between two taps nothing happens for longer than a tick: each tap is the first after quiet. */
const QUIET_MS = 150;
const SKEW_MAX_MS = 2;
/** A seat of the lower tier; the seats around it are tapped. */
const ZOOM_SEAT = 5_000;
const SEATS_TAPPED = 8;
const VIEWPORT = { width: 1_280, height: 800 };

type Slice = { readonly p50Ms: number; readonly p99Ms: number };
type Board = { readonly tapper: Page; readonly watcher: Page };

/** Figure L, quiet: from the request that a tap sends to the other window's painted seat. */
export const tapToPaint: Figure = {
  name: 'tap-to-paint',
  title: 'Tap (request sent) to painted in the other window, beside a bare Socket.IO emit',
  limitMs: 240_000,
  run: (run) =>
    withReleases(async (releases) => {
      const rounds = run.quick ? 1 : 5;
      const venue = await readStadium();
      const show = showIn(venue, 'tap-to-paint');
      const { signal } = run;
      const bench = await startBenchStack(releases, {
        venue,
        shows: [show],
        signal,
        options: { page: true },
      });
      const browser = await openBrowser(releases);
      run.say('opening four windows');
      const board = await openShow(browser, `${bench.stack.gatewayUrl}/events/${show.id}`);
      const labels = await zoomIn(board, seatLabels(venue.chart), signal);
      const bare = await openBareBoard(releases, browser);
      const all: Record<'bare' | 'holdfast', number[]> = { bare: [], holdfast: [] };
      const slice =
        (name: keyof typeof all, tap: (number: number) => Promise<number>) =>
        async (): Promise<Slice> => {
          const tookMs: number[] = [];
          for (let number = 0; number < TAPS_A_SLICE; number += 1) {
            signal.throwIfAborted();
            tookMs.push(await tap(number));
            await pause(QUIET_MS);
          }
          all[name].push(...tookMs);
          return { p50Ms: percentile(tookMs, 0.5), p99Ms: percentile(tookMs, 0.99) };
        };
      const tapSeat = (number: number) =>
        seatTap(board, labels[number % labels.length] ?? '', signal);
      for (let number = 0; number < labels.length; number += 1) await tapSeat(number);
      const samples = await interleave(
        {
          bare: slice('bare', (number) => bareTap(bare, number)),
          holdfast: slice('holdfast', tapSeat),
        },
        rounds,
      );
      const skewMs = await clockSkewMs(board.watcher, board.tapper);
      const stored = await readStoredEvent(bench.redis, show.id);
      return {
        measures: [
          ...measuresOf('Holdfast', all.holdfast, samples.holdfast),
          ...measuresOf('bare Socket.IO', all.bare, samples.bare),
        ],
        ratios: [
          ratioOf('Holdfast over bare, p50', 'p50Ms', {
            candidate: samples.holdfast,
            peer: samples.bare,
          }),
        ],
        checks: [
          {
            what: 'every tap was painted, and every seat free again in both windows',
            passed: stored.holders.size === 0,
          },
          {
            what: `the windows' clocks agree within ${SKEW_MAX_MS} ms`,
            passed: Math.abs(skewMs) <= SKEW_MAX_MS,
          },
          await auditCheck(bench.redis, show.id),
        ],
        notes: notesOf(run, show, browser.version(), skewMs),
      };
    }),
};

async function openBrowser(releases: ReleaseStack): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === null) {
    throw new Error(
      'Chromium is missing: install it (Debian: apt-get install chromium) or name it with CHROMIUM.',
    );
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return releases.add(browser, (open) => open.close());
}

async function openWindow(browser: Browser, url: string, noting: boolean): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_LIMIT_MS);
  if (noting) await page.addInitScript(noteRequests);
  await page.goto(url);
  return page;
}

/** Two shoppers at one show: contexts of their own, so tokens of their own. */
async function openShow(browser: Browser, url: string): Promise<Board> {
  const [tapper, watcher] = [
    await openWindow(browser, url, true),
    await openWindow(browser, url, false),
  ];
  for (const page of [tapper, watcher]) {
    await page.waitForSelector('holdfast-seat-map');
    await page.waitForSelector('.map:not(.map-unknown)');
  }
  return { tapper, watcher };
}

/** Both windows look closely at the same part of the stadium; answers seats that both show. */
async function zoomIn(
  board: Board,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const around = labels.slice(ZOOM_SEAT - 200, ZOOM_SEAT + 200);
  const near = labels[ZOOM_SEAT] ?? '';
  const choosable: Set<string>[] = [];
  for (const page of [board.tapper, board.watcher]) {
    const [at] = await probeSeats(page, [near]);
    if (at === null || at === undefined) throw new Error(`the map does not know seat ${near}`);
    await page.mouse.click(at.x, at.y);
    const seen = async (): Promise<string[]> => {
      const probes = await probeSeats(page, around);
      return around.filter((_, index) => {
        const probe = probes[index];
        return probe?.inSight === true && probe.choosable.mouse && probe.look === 'available';
      });
    };
    const limits = { limitMs: STEP_LIMIT_MS, signal };
    await until(
      'the map is close enough to choose seats',
      async () => (await seen()).length >= SEATS_TAPPED,
      limits,
    );
    choosable.push(new Set(await seen()));
  }
  const both = [...(choosable[0] ?? [])].filter((label) => choosable[1]?.has(label) === true);
  const middle = Math.max(0, Math.floor((both.length - SEATS_TAPPED) / 2));
  return both.slice(middle, middle + SEATS_TAPPED);
}

/** Taps a seat, waits until the other window shows it held, taps it again and waits until it is free. */
async function seatTap(
  { tapper, watcher }: Board,
  label: string,
  signal: AbortSignal,
): Promise<number> {
  const [at] = await probeSeats(tapper, [label]);
  if (at === null || at === undefined) throw new Error(`the map does not know seat ${label}`);
  await beginWatching(watcher, label, 'held');
  await tapper.mouse.click(at.x, at.y);
  const paintedMs = await shownMs(watcher);
  const tookMs = paintedMs - (await sentMs(tapper));
  await untilLook(tapper, label, 'mine', signal);
  await beginWatching(watcher, label, 'available');
  await tapper.mouse.click(at.x, at.y);
  await shownMs(watcher);
  await untilLook(tapper, label, 'available', signal);
  return tookMs;
}

async function untilLook(
  page: Page,
  label: string,
  look: string,
  signal: AbortSignal,
): Promise<void> {
  const isSo = async (): Promise<boolean> => (await probeSeats(page, [label]))[0]?.look === look;
  await until(`seat ${label} is ${look}`, isSo, { limitMs: STEP_LIMIT_MS, signal });
}

async function openBareBoard(releases: ReleaseStack, browser: Browser): Promise<Board> {
  const server = releases.add(
    startTaskProcess(new URL('./bare-board-process.ts', import.meta.url)),
    (child) => child.stop(),
  );
  const url = `http://127.0.0.1:${await server.ask('listen', null, z.number())}/`;
  const [tapper, watcher] = [
    await openWindow(browser, url, false),
    await openWindow(browser, url, false),
  ];
  for (const page of [tapper, watcher]) await page.evaluate('window.benchReady');
  return { tapper, watcher };
}

async function bareTap({ tapper, watcher }: Board, number: number): Promise<number> {
  await watcher.evaluate(`window.benchWatch(${number})`);
  const sent = z.number().parse(await tapper.evaluate(`window.benchTap(${number})`));
  return (await shownMs(watcher)) - sent;
}

function measuresOf(name: string, tookMs: readonly number[], slices: readonly Slice[]): Measure[] {
  const p50 = measureOf(`${name}, p50`, 'ms', summarise(slices.map(({ p50Ms }) => p50Ms)));
  return [
    { ...p50, value: percentile(tookMs, 0.5) },
    { label: `${name}, p99`, unit: 'ms', value: percentile(tookMs, 0.99) },
    { label: `${name}, taps`, unit: '', value: tookMs.length },
  ];
}

function notesOf(run: FigureRun, show: EventDocument, version: string, skewMs: number): string[] {
  return [
    `Two windows of headless Chromium ${version} (software rendering) on a show of ${show.seatCount} seats, one API, one hub, through the gateway.`,
    `From the tapping page's fetch to the task after the frame in which the other page painted the seat; each tap after ${QUIET_MS} ms of quiet.`,
    'Bare: the same on plain Socket.IO: emit, broadcast, a square painted in the next frame; no store, token or map.',
    `The windows' clocks differ by ${skewMs.toFixed(2)} ms. Ranges are of slices of ${TAPS_A_SLICE} taps${run.quick ? '; too few taps for a p99' : ''}.`,
  ];
}
