import type { EventId, HeldSeat } from '@holdfast/db/model';
import type { Logger } from '@holdfast/infra/runtime';

/** What is done with confirming holds whose next look has come. */
export type TakeLooks = (event: EventId, looks: readonly HeldSeat[]) => void;

/**
 * The committer's place. A confirming hold is handed out again and again until its end is known;
 * whoever takes it must run the same commit as the queue's consumer, from the hold alone. Until
 * that stands beside the worker, a look is counted (by the sweep) and told.
 */
export function tellLooks(logger: Logger): TakeLooks {
  return (event, looks) => {
    if (looks.length === 0) return;
    const holds = looks.map(({ holdId }) => holdId);
    logger.warn({ event, holds }, 'confirming holds wait for a committer');
  };
}
