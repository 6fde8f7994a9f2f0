import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient } from '@holdfast/booking-api/contract';
import { ownerId, seatLabels } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { startBenchStack } from '../src/bench/bench-stack.ts';
import { openLiveViewer } from '../src/bench/live-viewer.ts';
import { readStadium, showIn } from '../src/bench/venue.ts';
import { until } from '../src/harness/bounded.ts';
import { withReleases } from '../src/harness/release-stack.ts';

const MAIN = fileURLToPath(new URL('../src/trace/main.ts', import.meta.url));
const EVENT = 'gala';
const SEAT = 7;
const LIMIT_MS = 30_000;

const test = suite('npm run trace on a running stack');

type LogLevel = 'debug' | 'info';

/**
 * Places a hold over HTTP while a viewer watches, and gives what trace prints of it, once that
 * satisfies `enough`: services write their logs a moment after they answer.
 */
async function tracedHold(level: LogLevel, enough: (printed: string) => boolean): Promise<string> {
  return await withReleases(async (releases) => {
    const { signal } = new AbortController();
    const venue = await readStadium();
    const show = showIn(venue, EVENT);
    const options = { keepsLogs: true, settings: { LOG_LEVEL: level } };
    const { stack } = await startBenchStack(releases, { venue, shows: [show], signal, options });
    const shopper = { subject: ownerId('shopper-1'), role: 'shopper', ttlSeconds: 600 } as const;
    const token = await stack.tokens.issue(shopper);
    const viewer = releases.add(
      openLiveViewer({
        url: stack.gatewayUrl,
        origin: stack.gatewayUrl,
        token,
        event: EVENT,
        chart: { hash: venue.hash, sections: venue.chart.sections },
        onSeats: () => undefined,
      }),
      (open) => open.stop(),
    );
    const wait = { limitMs: LIMIT_MS, signal };
    await until('the viewer is live', () => viewer.live, wait);
    const api = createApiClient({ fetch, baseUrl: stack.gatewayUrl, token: () => token });
    const label = seatLabels(venue.chart)[SEAT] ?? '';
    const body = { seats: [label], chartHash: venue.hash };
    const placed = await api.call('placeHold', { params: { event: show.id }, body });
    assert.is(placed.kind, 'done');
    const hold = placed.kind === 'done' ? placed.body.id : '';
    await until('the viewer shows it', () => viewer.map[SEAT] === 1, wait);
    const where = ['--data', dirname(stack.catalogueFile), '--redis', stack.redisUrl];
    let printed = '';
    const told = async (): Promise<boolean> => {
      printed = await printedBy(hold, ...where);
      return enough(printed);
    };
    await until('trace tells the life of the hold', told, wait);
    return printed;
  });
}

function printedBy(...words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [MAIN, ...words], (error, out) => {
      if (error === null) resolve(out);
      else reject(error);
    });
  });
}

/** The line of a step, by its word in the third column; -1 if it is not told. */
function lineOf(printed: string, what: string): number {
  return printed
    .split('\n')
    .findIndex((line) => new RegExp(`^\\S+Z {2}.{12} {2}${what} `).test(line));
}

test('with debug logs a hold is followed from the tap over its transition to the frame on the wire', async () => {
  const printed = await tracedHold(
    'debug',
    (text) => text.includes('answered 201') && text.includes('left in a frame'),
  );
  const [tap, transition, frame] = ['request', 'redis', 'frame'].map((what) =>
    lineOf(printed, what),
  );
  assert.ok(tap !== undefined && transition !== undefined && frame !== undefined);
  assert.ok(tap > 0 && tap < transition && transition < frame, printed);
  assert.match(printed, /POST placeHold \(request \S+, api-1\) arrived/);
  assert.match(
    printed,
    /offset 1 left in a frame of 1 to 1, hub-1 event:gala:all, 1 screens/,
    printed,
  );
  assert.not.match(printed, 'The logs did not tell', printed);
});

test('at the default level trace says which steps the logs did not tell, and how to get them', async () => {
  const printed = await tracedHold('info', (text) => text.includes('place: placed'));
  assert.match(printed, 'The logs did not tell when 1 of 1 requests came and were answered');
  assert.match(printed, 'nor when frames with 1 of 1 transitions left for the screens');
  assert.match(printed, 'LOG_LEVEL=debug npm start');
  assert.is(lineOf(printed, 'frame'), -1);
});

test.run();
