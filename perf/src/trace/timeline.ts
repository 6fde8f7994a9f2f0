import { decodeFeedRecord, type FeedEntry, type FeedRecord, type HoldId } from '@holdfast/db/model';

/** Everything that is known of a life, as steps on one clock. */
export type Step = { readonly atMs: number; readonly what: string; readonly detail: string };

/** A request as an API logged it when it was answered. */
export type RequestLine = {
  readonly requestId: string;
  readonly answeredAtMs: number;
  readonly tookMs: number;
  readonly service: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
};

/** A frame as a hub logged it: it shows the changes after `prev` up to `offset`. */
export type FrameLine = {
  readonly atMs: number;
  readonly service: string;
  readonly room: string;
  readonly prev: number;
  readonly offset: number;
  readonly sockets: number;
};

export type Evidence = {
  readonly records: readonly FeedRecord[];
  readonly requests: readonly RequestLine[];
  readonly frames: readonly FrameLine[];
  readonly labelOf: (seat: number) => string;
};

/** The records of a hold: those it is named by, and those in which another took a seat from it. */
export function recordsOfHold(entries: readonly FeedEntry[], hold: HoldId): FeedRecord[] {
  const names = new Set([`h=${hold}`, `b=${hold}`]);
  return decoded(entries).filter(
    ({ holdId, changes }) =>
      holdId === hold || changes.some(({ before, after }) => names.has(before) || names.has(after)),
  );
}

export function recordsOfSeat(entries: readonly FeedEntry[], seat: number): FeedRecord[] {
  return decoded(entries).filter(({ changes }) => changes.some((change) => change.seat === seat));
}

/** All clocks count whole milliseconds; within one, a cause stands before its effects. */
const CAUSE_FIRST = ['request', 'redis', 'frame', 'answer'];

/** Requests, transitions and frames in the order of time. */
export function timelineOf({ records, requests, frames, labelOf }: Evidence): Step[] {
  const steps = records.map((record) => recordStep(record, labelOf));
  for (const line of requests) {
    const { service, method, route, status, tookMs, answeredAtMs, requestId } = line;
    const asked = `${method} ${route} (request ${requestId}, ${service})`;
    steps.push({ atMs: answeredAtMs - tookMs, what: 'request', detail: `${asked} arrived` });
    const answer = `${asked} answered ${status} after ${tookMs.toFixed(1)} ms`;
    steps.push({ atMs: answeredAtMs, what: 'answer', detail: answer });
  }
  for (const { offset } of records) steps.push(...frameSteps(offset, frames));
  return steps.sort(
    (a, b) =>
      Math.floor(a.atMs) - Math.floor(b.atMs) ||
      CAUSE_FIRST.indexOf(a.what) - CAUSE_FIRST.indexOf(b.what),
  );
}

/** The first frame of each hub and room that shows the record. */
function frameSteps(offset: number, frames: readonly FrameLine[]): Step[] {
  const seen = new Set<string>();
  const steps: Step[] = [];
  for (const frame of frames) {
    const place = `${frame.service} ${frame.room}`;
    if (frame.prev >= offset || frame.offset < offset || seen.has(place)) continue;
    seen.add(place);
    const span = `${frame.prev + 1} to ${frame.offset}`;
    const detail = `offset ${offset} left in a frame of ${span}, ${place}, ${frame.sockets} screens`;
    steps.push({ atMs: frame.atMs, what: 'frame', detail });
  }
  return steps;
}

function recordStep(record: FeedRecord, labelOf: (seat: number) => string): Step {
  const { verb, outcome, changes, actor, reason, requestId, traceId, offset, holdId, redisMs } =
    record;
  const seats = changes.map(
    (change) => `${labelOf(change.seat)} ${nameOf(change.before)} > ${nameOf(change.after)}`,
  );
  const facts = [
    `${verb}: ${outcome}`,
    seats.join(', '),
    `by ${actor}${reason === '' ? '' : ` (${reason})`}`,
    ...(holdId === '' ? [] : [`hold ${holdId}`]),
    ...(requestId === '' ? [] : [`request ${requestId}`]),
    ...(traceId === '' ? [] : [`trace ${traceId}`]),
    `offset ${offset}`,
  ];
  return { atMs: redisMs, what: 'redis', detail: facts.join(' · ') };
}

/** `-`, `h`, `b`, `x`, `h=<id>`, `b=<id>` in words. */
function nameOf(holder: string): string {
  const words: Readonly<Record<string, string>> = {
    '-': 'free',
    h: 'held',
    b: 'booked',
    x: 'blocked',
  };
  const [code = '', other] = holder.split('=');
  const word = words[code] ?? holder;
  return other === undefined ? word : `${word} by ${other}`;
}

function decoded(entries: readonly FeedEntry[]): FeedRecord[] {
  return entries.map(({ line }) => decodeFeedRecord(line));
}
