import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@holdfast/infra/testing';
import type { Figure, FigureRun } from '../../harness/figure.ts';
import { withReleases } from '../../harness/release-stack.ts';

const run = promisify(execFile);

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const READY_LINE = /Holdfast is ready: (\S+)/;
const READY_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 20_000;
const SECOND_MS = 1_000;
/** What a person's shell would not have set; this process was itself started by npm. */
const FOREIGN_VARIABLES = /^(npm_|NODE_ENV$|NODE_OPTIONS$|HOLDFAST_|PORT$|REDIS_URL$|LOG_LEVEL$)/;
/** npm reads these from the person's own configuration; the registry and the cache stay theirs. */
const KEPT_VARIABLES = /^npm_config_(registry|cache|userconfig)$/;

/** From `npm start` on a clean clone of what is committed to the ready line, and once more. */
export const startTime: Figure = {
  name: 'start-time',
  title: 'From npm start to the ready line: on a clean clone, and on the second start',
  limitMs: 2 * READY_LIMIT_MS,
  run: (figure) =>
    withReleases(async (releases) => {
      const folder = releases.add(await mkdtemp(join(tmpdir(), 'holdfast-clone-')), (path) =>
        rm(path, { recursive: true, force: true }),
      );
      const clone = join(folder, 'holdfast');
      await run('git', ['clone', '--quiet', '--no-hardlinks', CHECKOUT, clone]);
      figure.say('first start: installs, builds, loads');
      const first = await startOnce(clone, figure);
      figure.say('second start');
      const second = await startOnce(clone, figure);
      const measure = (label: string, { readyMs }: Start) => ({
        label,
        unit: 's',
        value: readyMs / SECOND_MS,
      });
      return {
        measures: [measure('clean clone', first), measure('second start', second)],
        ratios: [],
        checks: [first, second].flatMap(({ holdsPossible, endedClean }, at) => [
          {
            what: `start ${at + 1}: every event answers with its seats when the line appears`,
            passed: holdsPossible,
          },
          {
            what: `start ${at + 1}: Ctrl-C ends it, its port and its data folder are free again`,
            passed: endedClean,
          },
        ]),
        notes: [
          'A git clone of the last commit in an empty folder (cloning not counted); npm may use the cache of this machine, so a first download is not in it.',
          'redis-server is installed here; where it is not, unpacking it comes on top.',
        ],
      };
    }),
};

type Start = {
  readonly readyMs: number;
  readonly holdsPossible: boolean;
  readonly endedClean: boolean;
};

async function startOnce(folder: string, { signal }: FigureRun): Promise<Start> {
  const port = await freePort();
  const startedMs = performance.now();
  const child = spawn('npm', ['start', '--', '--port', `${port}`], {
    cwd: folder,
    env: personalEnvironment(),
    // A group of its own, so that Ctrl-C can be sent as a terminal sends it: to all of them.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  try {
    const url = await readyUrl(child, signal);
    const readyMs = performance.now() - startedMs;
    const holdsPossible = await answersWithSeats(url);
    await interrupt(child, ended);
    return { readyMs, holdsPossible, endedClean: await isGone(folder, url) };
  } finally {
    if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGKILL');
  }
}

function readyUrl(child: ChildProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const last = (): string => output.trimEnd().split('\n').slice(-3).join(' / ');
    const fail = (why: string) => () => reject(new Error(`npm start ${why}: ${last()}`));
    const limit = setTimeout(fail('said nothing of ready in time'), READY_LIMIT_MS);
    const stop = fail('was interrupted');
    signal.addEventListener('abort', stop, { once: true });
    child.once('exit', fail('ended before it was ready'));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const url = READY_LINE.exec(output)?.[1];
        if (url === undefined) return;
        clearTimeout(limit);
        signal.removeEventListener('abort', stop);
        resolve(url);
      });
    }
  });
}

async function answersWithSeats(url: string): Promise<boolean> {
  const list: unknown = await (await fetch(`${url}/v1/events`)).json();
  if (typeof list !== 'object' || list === null || !('events' in list)) return false;
  if (!Array.isArray(list.events) || list.events.length === 0) return false;
  for (const event of list.events as readonly { readonly id: string }[]) {
    const answer = await fetch(`${url}/v1/events/${event.id}/seats`);
    await answer.arrayBuffer();
    if (answer.status !== 200) return false;
  }
  return true;
}

/** The launcher takes its note of what runs away last, when everything has stopped in order. */
async function isGone(folder: string, url: string): Promise<boolean> {
  const answers = await fetch(url).then(
    () => true,
    () => false,
  );
  return !answers && !existsSync(join(folder, '.holdfast', 'running.json'));
}

async function interrupt(child: ChildProcess, ended: Promise<unknown[]>): Promise<void> {
  signalGroup(child, 'SIGINT');
  const late = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(late);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** The environment of a shell: without what npm and this benchmark put into their own. */
function personalEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => KEPT_VARIABLES.test(name) || !FOREIGN_VARIABLES.test(name),
    ),
  );
}
