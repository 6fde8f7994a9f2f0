import type { ApiResult, Hold, Problem } from '@holdfast/booking-api/contract';
import { type Ambient, sleep } from '@holdfast/db/model';
import type { SessionKeeper } from './session.ts';

/**
 * One intended change, sent until its end is known. A reply that was lost, an unsettled 202 and a
 * server that asks for patience are all met by sending the same request again: it carries the same
 * Idempotency-Key, so it is done once however often it arrives.
 */
export type SteadyOutcome =
  | { readonly kind: 'done'; readonly held: TimedHold }
  /** Nothing was changed. `held`: the hold that the refusal attached, if it did. */
  | { readonly kind: 'refused'; readonly problem: Problem; readonly held: TimedHold | null }
  /** Given up: whether it was done is unknown, and only reading the hold can tell. */
  | { readonly kind: 'unsettled' };

/** A hold and the instant of the monotonic clock at which it ends. */
export type TimedHold = { readonly hold: Hold; readonly endsAtMs: number };

/** What any call that changes a hold may come back with. */
export type HoldResult =
  | ApiResult<'placeHold'>
  | ApiResult<'amendHold'>
  | ApiResult<'extendHold'>
  | ApiResult<'releaseHold'>;

export type SteadyParts = { readonly ambient: Ambient; readonly session: SessionKeeper };

const ATTEMPTS_MAX = 6;
const FIRST_PAUSE_MS = 250;
/** A longer wait is told to the shopper instead. */
const PAUSE_MAX_MS = 4_000;
/** An attempt without an answer is as good as lost after this. */
const ATTEMPT_LIMIT_MS = 8_000;

export async function callSteadily(
  parts: SteadyParts,
  send: (signal: AbortSignal) => Promise<HoldResult>,
): Promise<SteadyOutcome> {
  const { clock, random, timers } = parts.ambient;
  let signedInAnew = false;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const token = parts.session.token;
    const sentAtMs = clock.monotonicMs();
    const result = await withLimit(parts.ambient, send);
    // Counted from the sending: the shown time may be a round trip short, never too long.
    if (result.kind === 'done' && (result.status === 200 || result.status === 201)) {
      return { kind: 'done', held: timed(result.body, sentAtMs) };
    }
    let pauseMs = Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + random.fraction());
    if (result.kind === 'refused') {
      const { problem } = result;
      if (problem.next === 'sign-in' && !signedInAnew) {
        signedInAnew = true;
        await parts.session.replace(token);
        continue;
      }
      const isFarOff = (problem.retryAfterMs ?? 0) > PAUSE_MAX_MS;
      if (problem.next !== 'retry' || isFarOff || attempt === ATTEMPTS_MAX - 1) {
        const held = problem.hold === undefined ? null : timed(problem.hold, sentAtMs);
        return { kind: 'refused', problem, held };
      }
      pauseMs = Math.max(pauseMs, problem.retryAfterMs ?? 0);
    }
    if (attempt < ATTEMPTS_MAX - 1) await sleep(timers, pauseMs);
  }
  return { kind: 'unsettled' };
}

function timed(hold: Hold, sentAtMs: number): TimedHold {
  return { hold, endsAtMs: sentAtMs + hold.remainingMs };
}

async function withLimit<T>(
  { timers }: Ambient,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const cancel = timers.after(ATTEMPT_LIMIT_MS, () => limit.abort());
  try {
    return await send(limit.signal);
  } finally {
    cancel();
  }
}
