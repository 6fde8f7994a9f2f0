import type { EventId, Timers } from '@holdfast/db/model';
import { withinLimit } from '@holdfast/infra/runtime';

/**
 * One task for each event at a time. Whoever asks while it runs gets one more run after it, however
 * often they ask: triggers are hints, and a hundred hints about one event are one question. A run
 * that does not end within its limit gives up its turn, so nothing that hangs stops an event for good;
 * tasks must therefore bear to run beside a late twin.
 */
export type EventTurns = {
  ask(event: EventId): void;
  /** Takes no more work and resolves when the runs in hand are over. */
  drain(): Promise<void>;
};

export type EventTurnsParts = {
  readonly timers: Timers;
  readonly limitMs: number;
  readonly task: (event: EventId) => Promise<void>;
  readonly onTrouble: (event: EventId, error: unknown) => void;
};

export function createEventTurns({
  timers,
  limitMs,
  task,
  onTrouble,
}: EventTurnsParts): EventTurns {
  const running = new Map<EventId, Promise<void>>();
  const askedAgain = new Set<EventId>();
  let draining = false;

  const turn = async (event: EventId): Promise<void> => {
    try {
      const end = await withinLimit(timers, limitMs, task(event));
      if (end.late) onTrouble(event, new Error(`a turn took more than ${limitMs} ms`));
    } catch (error) {
      onTrouble(event, error);
    }
  };
  const start = (event: EventId): void => {
    const done = turn(event).then(() => {
      running.delete(event);
      if (askedAgain.delete(event) && !draining) start(event);
    });
    running.set(event, done);
  };

  return {
    ask: (event) => {
      if (draining) return;
      if (running.has(event)) askedAgain.add(event);
      else start(event);
    },
    drain: async () => {
      draining = true;
      await Promise.all(running.values());
    },
  };
}
