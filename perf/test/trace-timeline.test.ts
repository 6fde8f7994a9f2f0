import { type FeedEntry, holdId } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { readTraceArguments } from '../src/trace/arguments.ts';
import { linesOf, spanText } from '../src/trace/print-timeline.ts';
import { silencesOf } from '../src/trace/silences.ts';
import { recordsOfHold, recordsOfSeat, timelineOf } from '../src/trace/timeline.ts';

const trace = suite('the trace of a life');
const HOLD = holdId(`gala.${'A'.repeat(22)}`);
const OTHER = holdId(`gala.${'B'.repeat(22)}`);

const entry = (line: string): FeedEntry => ({
  offset: Number(line.split('|')[0]),
  prev: '',
  chain: '',
  line,
});
const FEED = [
  entry(`1|place|placed|4:-:h,5:-:h|${HOLD}|owner|shopper|place|req-1|trace-1|1000`),
  entry(`2|place|placed|9:-:h|${OTHER}|owner|shopper|place|req-2||1500`),
  entry(`3|commit|repaired|4:h=${HOLD}:b|${OTHER}|owner|worker|commit|||2000`),
  entry(`4|expire|expired|5:h:-|${HOLD}|owner|worker|deadline|||61000`),
];

trace('a hold is followed through its own records and those that took a seat from it', () => {
  assert.equal(
    recordsOfHold(FEED, HOLD).map(({ offset }) => offset),
    [1, 3, 4],
  );
  assert.equal(
    recordsOfSeat(FEED, 4).map(({ offset }) => offset),
    [1, 3],
  );
});

trace('requests, transitions and the first frame of each hub stand on one clock', () => {
  const frame = { room: 'event:gala:all', sockets: 3 };
  const steps = timelineOf({
    records: recordsOfHold(FEED, HOLD).slice(0, 1),
    requests: [
      {
        requestId: 'req-1',
        answeredAtMs: 1_008,
        tookMs: 12,
        service: 'api-1',
        method: 'POST',
        route: 'placeHold',
        status: 201,
      },
    ],
    frames: [
      { ...frame, service: 'hub-1', atMs: 1_004, prev: 0, offset: 1 },
      { ...frame, service: 'hub-2', atMs: 1_006, prev: 0, offset: 2 },
      { ...frame, service: 'hub-1', atMs: 1_054, prev: 1, offset: 2 },
    ],
    labelOf: (seat) => `A-1-${seat}`,
  });
  assert.equal(
    steps.map(({ atMs, what }) => `${atMs} ${what}`),
    ['996 request', '1000 redis', '1004 frame', '1006 frame', '1008 answer'],
  );
  assert.match(steps[1]?.detail ?? '', 'A-1-4 free > held, A-1-5 free > held');
  assert.match(steps[1]?.detail ?? '', 'request req-1 · trace trace-1 · offset 1');
});

trace('within one millisecond a cause stands before its effects', () => {
  const steps = timelineOf({
    records: recordsOfHold(FEED, HOLD).slice(0, 1),
    requests: [
      {
        requestId: 'req-1',
        answeredAtMs: 1_001,
        tookMs: 0.1,
        service: 'api-1',
        method: 'POST',
        route: 'placeHold',
        status: 201,
      },
    ],
    frames: [
      { service: 'hub-1', room: 'event:gala:all', sockets: 1, atMs: 1_000, prev: 0, offset: 1 },
    ],
    labelOf: String,
  });
  assert.equal(
    steps.map(({ what }) => what),
    ['request', 'redis', 'frame', 'answer'],
  );
});

trace('what the logs did not tell is said with its number, and nothing once all is told', () => {
  const wanted = { event: 'gala', requestIds: new Set(['req-1']), offsets: [1, 3] };
  const silent = silencesOf(wanted, { requests: [], frames: [] }).join(' ');
  assert.match(silent, 'when 1 of 1 requests came and were answered, nor when frames with 2 of 2');
  assert.match(silent, 'LOG_LEVEL=debug npm start');
  const request = { answeredAtMs: 1, tookMs: 1, service: 'api-1', status: 201 };
  const requests = [{ ...request, requestId: 'req-1', method: 'POST', route: 'placeHold' }];
  const frame = { atMs: 1, service: 'hub-1', room: 'event:gala:all', sockets: 1 };
  const frames = [{ ...frame, prev: 0, offset: 2 }];
  const half = silencesOf(wanted, { requests, frames }).join(' ');
  assert.match(half, 'did not tell when frames with 1 of 2 transitions');
  frames.push({ ...frame, prev: 2, offset: 3 });
  assert.equal(silencesOf(wanted, { requests, frames }), []);
});

trace('each line tells the time since the step before, the last one the whole span', () => {
  const step = { what: 'redis', detail: 'x' };
  const lines = linesOf([
    { ...step, atMs: 0 },
    { ...step, atMs: 40 },
    { ...step, atMs: 61_040 },
  ]);
  assert.match(lines[1] ?? '', /\+40 ms {2}redis/);
  assert.match(lines[2] ?? '', '+1 min 1 s');
  assert.is(lines[3], '1 min 1 s from the first step to the last.');
  assert.equal([0.4, 999, 1_500].map(spanText), ['0 ms', '999 ms', '1.50 s']);
});

trace('what cannot be asked is refused in one sentence', () => {
  const why = (...argv: string[]): string => {
    const request = readTraceArguments(argv);
    return request.kind === 'refused' ? request.why : request.kind;
  };
  assert.match(why(), 'Name a hold or a seat');
  assert.match(why('A-1-1', 'A-1-2'), 'One hold or seat at a time');
  assert.match(why('A-1-1', '--event', 'NO EVENT'), 'is not an event id');
  assert.match(why(HOLD, '--event', 'other'), 'is not of event other');
  assert.match(why('A-1-1', '--redis', 'localhost'), 'redis://');
  assert.match(why('A-1-1', '--loud'), "Unknown option '--loud'");
  assert.is(why('A-1-1', '--help'), 'help');
  assert.is(why(HOLD), 'trace');
});

trace.run();
