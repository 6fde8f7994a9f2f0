import { createServer } from 'node:http';
import { eventId } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { readArguments } from '../src/bench/arguments.ts';
import { lagsOf } from '../src/bench/first-light/expiry-lags.ts';
import { inFlight, numberedHold } from '../src/bench/placing.ts';
import { connectHttp, encodePost } from '../src/bench/raw-http.ts';

const parts = suite('parts of the benchmarks');
const HOLD = numberedHold(eventId('gala'), 1);

parts('a benchmark or figure that does not exist is refused with those that do', () => {
  const why = (...argv: string[]): string => {
    const request = readArguments(argv, ['one', 'two']);
    return request.kind === 'refused' ? request.why : request.kind;
  };
  assert.match(why(), 'Name the benchmark');
  assert.match(why('last-light'), 'There is no benchmark "last-light"');
  assert.match(
    why('first-light', '--only', 'three'),
    'There is no figure "three"; there are one, two',
  );
  assert.match(why('first-light', '--fast'), "Unknown option '--fast'");
  assert.is(why('--help'), 'help');
  const request = readArguments(['first-light', '--only', 'one,two', '--quick'], ['one', 'two']);
  assert.equal(request, { kind: 'run', quick: true, only: ['one', 'two'] });
});

parts(
  'expiry lag counts from the deadline; early ends and seats never seen free are faults',
  () => {
    const line = (seat: number, redisMs: number): string =>
      `1|expire|expired|${seat}:h:-|${HOLD}|owner|worker|deadline|||${redisMs}`;
    const entry = (seat: number, redisMs: number) => ({
      offset: 1,
      prev: '',
      chain: '',
      line: line(seat, redisMs),
    });
    const lags = lagsOf({
      deadlines: [
        [1, 1_000],
        [2, 1_000],
        [3, 1_000],
      ],
      sightings: [
        { seat: 1, atMs: 1_030 },
        { seat: 2, atMs: 1_020 },
      ],
      feed: [entry(1, 1_010), entry(2, 990), entry(3, 1_010)],
    });
    assert.equal(lags.endedMs, [10, -10]);
    assert.equal(lags.shownMs, [30, 20]);
    assert.is(lags.early, 1);
    assert.is(lags.lost, 1);
  },
);

parts('tasks in flight are bounded, and each number is given once', async () => {
  let running = 0;
  let most = 0;
  const given: number[] = [];
  await inFlight(10, 3, async (number) => {
    running += 1;
    most = Math.max(most, running);
    given.push(number);
    await Promise.resolve();
    running -= 1;
  });
  assert.is(most, 3);
  assert.equal(
    given.sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

parts('the cheap HTTP connection reads one answer after the other on one connection', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
    request.on('end', () => {
      const body = 'x'.repeat(100_000);
      response.writeHead(bodies.length, { 'content-length': body.length }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const connection = await connectHttp(typeof address === 'object' ? (address?.port ?? 0) : 0);
  bodies.length = 200;
  assert.is(
    await connection.request(encodePost('/holds', { 'X-One': '1' }, { seats: ['A'] })),
    201,
  );
  assert.is(await connection.request(encodePost('/holds', {}, { seats: ['B'] })), 202);
  assert.equal(bodies.slice(200), ['{"seats":["A"]}', '{"seats":["B"]}']);
  connection.close();
  await new Promise((resolve) => server.close(resolve));
});

parts.run();
