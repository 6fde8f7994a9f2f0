import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient } from '@holdfast/booking-api/contract';
import { parseChart } from '@holdfast/db/charts';
import { type Suite, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { seatRows } from '../../local/crowd/seat-rows.ts';
import { until } from '../../testing/until.ts';

const LAUNCHER = fileURLToPath(new URL('../../local/launcher/main.ts', import.meta.url));
/** A start builds the page at most once, loads three venues, and shares two cores with other tests. */
const READY_MS = 60_000;
const THEATRE = 'prince-edward-hamlet';
export const START_LIMIT = { timeoutMs: 120_000 };

/** A data folder of the test's own, and the launchers that were started on it. */
export type LauncherRoom = { folder: string; started: Launch[] };
export type Launch = { child: ChildProcess; out: () => string; ended: Promise<number | null> };

/** A suite whose every test has a folder of its own and leaves no process behind. */
export function launcherSuite(name: string): Suite<LauncherRoom> {
  const test = suite<LauncherRoom>(name, { folder: '', started: [] });
  test.beforeEach(async (room) => {
    room.folder = await mkdtemp(join(tmpdir(), 'holdfast-launcher-'));
    room.started = [];
  });
  test.afterEach(async (room) => {
    for (const { child, ended } of room.started) {
      child.kill('SIGINT');
      await ended;
    }
    await allGone(room.folder);
    await rm(room.folder, { recursive: true, force: true });
  });
  return test;
}

export function launch(room: LauncherRoom, ...flags: string[]): Launch {
  const words = [
    '--disable-warning=ExperimentalWarning',
    LAUNCHER,
    '--data',
    room.folder,
    ...flags,
  ];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const launched = { child, out: () => out, ended };
  room.started.push(launched);
  return launched;
}

/** The address of the ready line; fails with what was printed when the launcher ends first. */
export async function readyUrl(launched: Launch): Promise<string> {
  const line = /^Holdfast is ready: (http:\/\/localhost:\d+)$/m;
  let isOver = false;
  void launched.ended.then(() => {
    isOver = true;
  });
  await until(
    'the launcher is ready or has ended',
    () => line.test(launched.out()) || isOver,
    READY_MS,
  ).catch((error: unknown) => {
    throw new Error(`the launcher printed only: ${launched.out()}`, { cause: error });
  });
  const url = line.exec(launched.out())?.[1];
  if (url === undefined) throw new Error(`the launcher ended: ${launched.out()}`);
  return url;
}

/** Waits until no process of this folder is left, and names those that stay. */
export async function allGone(folder: string): Promise<void> {
  const gone = until('nothing is left', async () => (await processesOf(folder)).length === 0);
  await gone.catch(async (error: unknown) => {
    const left = (await processesOf(folder)).join('; ');
    throw new Error(`still there: ${left}`, { cause: error });
  });
}

/** Processes, read from /proc, whose arguments or environment name the folder. */
export async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: string[] = [];
  for (const pid of pids) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const words = await read('cmdline');
    if (words.includes(folder) || (await read('environ')).includes(folder)) found.push(words);
  }
  return found;
}

/** Becomes a shopper, holds a seat that is free, and answers the token and the hold's id. */
export async function holdOneSeat(url: string): Promise<{ token: string; hold: string }> {
  const anonymous = createApiClient({ fetch, baseUrl: url, token: () => null });
  const session = await anonymous.call('createSession', {});
  assert.is(session.kind, 'done');
  const token = session.kind === 'done' ? session.body.token : '';
  const api = createApiClient({ fetch, baseUrl: url, token: () => token });
  const event = await api.call('readEvent', { params: { event: THEATRE } });
  const chart = await api.call('readChart', { params: { event: THEATRE } });
  if (event.kind !== 'done' || event.status !== 200) throw new Error('no event');
  if (chart.kind !== 'done' || chart.status !== 200) throw new Error('no chart');
  const { runs, chartHash } = seatRows(
    parseChart(JSON.stringify(chart.body)),
    event.body.chartHash,
  );
  const seat = runs[0]?.[0] ?? '';
  const body = { seats: [seat], chartHash };
  const placed = await api.call('placeHold', { params: { event: THEATRE }, body });
  if (placed.kind !== 'done') throw new Error(JSON.stringify(placed));
  return { token, hold: placed.body.id };
}

export async function statusOfHold(url: string, token: string, hold: string): Promise<string> {
  const api = createApiClient({ fetch, baseUrl: url, token: () => token });
  const read = await api.call('readHold', { params: { event: THEATRE, hold } });
  return read.kind === 'done' && read.status === 200 ? read.body.status : JSON.stringify(read);
}

export async function guardianPid(folder: string): Promise<number> {
  for (const pid of await readdir('/proc')) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes('redis/guardian.ts') && words.includes(folder)) return Number(pid);
  }
  throw new Error(`no guardian of ${folder} found`);
}

/** Redis shows its address and port in its own process title. */
export async function redisPid(port: string): Promise<number> {
  for (const pid of await readdir('/proc')) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/(redis|valkey)-server/.test(words) && words.includes(`:${port}`)) return Number(pid);
  }
  throw new Error(`no server with port ${port} found`);
}
