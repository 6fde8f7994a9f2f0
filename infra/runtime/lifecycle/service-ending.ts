import type { Timers } from '@holdfast/db/model';
import type { Logger } from 'pino';
import type { Service } from './service.ts';
import { withinLimit } from './time-limit.ts';

export type EndingLimits = { readonly drainLimitMs: number; readonly stopLimitMs: number };

/**
 * Ends a service: drain within its limit, then stop within its own, whatever drain did. The answer
 * says whether both finished cleanly. The returned function is idempotent: every call gets the
 * promise of the first.
 */
export function createEnding(
  service: Service,
  parts: { readonly timers: Timers; readonly logger: Logger; readonly limits: EndingLimits },
): (reason: string) => Promise<{ clean: boolean }> {
  let ending: Promise<{ clean: boolean }> | undefined;
  const step = async (name: 'drain' | 'stop', limitMs: number): Promise<boolean> => {
    try {
      // Called inside the try so that a synchronous throw does not keep the next step from running.
      const done = await withinLimit(parts.timers, limitMs, service[name]());
      if (done.late) parts.logger.warn({ step: name, limitMs }, `${name} took too long, going on`);
      return !done.late;
    } catch (error) {
      parts.logger.error({ err: error, step: name }, `${name} failed`);
      return false;
    }
  };
  return (reason) => {
    ending ??= (async () => {
      parts.logger.info({ reason }, 'stopping');
      const drained = await step('drain', parts.limits.drainLimitMs);
      const stopped = await step('stop', parts.limits.stopLimitMs);
      return { clean: drained && stopped };
    })();
    return ending;
  };
}
