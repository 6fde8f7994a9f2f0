import type { EventId } from '@holdfast/db/model';
import { LOOPBACK } from '../free-port.ts';
import { LaunchError } from './launch-error.ts';

const READY_LIMIT_MS = 120_000;
const ASK_AGAIN_MS = 100;
const REQUEST_LIMIT_MS = 5_000;

export type ReadyCheck = {
  /** Ports of all APIs; each must answer for itself. */
  readonly apiPorts: readonly number[];
  readonly events: readonly EventId[];
  readonly report: (line: string) => void;
  /** Ends the waiting when the stack is stopped meanwhile. */
  readonly signal: AbortSignal;
};

/**
 * Resolves when a hold would succeed: every API answers with the seats of every event, which it
 * only does when the event is loaded into Redis and its own picture of it stands.
 */
export async function untilHoldsWouldSucceed(check: ReadyCheck): Promise<void> {
  const endMs = performance.now() + READY_LIMIT_MS;
  const questions = check.apiPorts.flatMap((port) =>
    check.events.map((event) => `http://${LOOPBACK}:${port}/v1/events/${event}/seats`),
  );
  let open = questions;
  let told = open.length;
  while (open.length > 0) {
    const answers = await Promise.all(open.map((url) => answersWithSeats(url, check.signal)));
    open = open.filter((_, at) => answers[at] !== true);
    if (open.length === 0) return;
    if (check.signal.aborted) throw new LaunchError('launch.stopped', 'Holdfast was stopped.');
    if (performance.now() > endMs) throw notReady(open[0] ?? '');
    if (open.length < told) {
      told = open.length;
      const loaded = questions.length - open.length;
      check.report(`Loading seats: ${loaded} of ${questions.length} …`);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

async function answersWithSeats(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const limit = AbortSignal.timeout(REQUEST_LIMIT_MS);
    const answer = await fetch(url, { signal: AbortSignal.any([signal, limit]) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

function notReady(url: string): LaunchError {
  const path = URL.parse(url)?.pathname ?? url;
  return new LaunchError(
    'launch.not-ready',
    `The API did not answer ${path} within ${READY_LIMIT_MS / 1_000} s; the files in the logs folder say why.`,
  );
}
