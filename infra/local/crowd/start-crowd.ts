import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { type Supervised, supervise } from '../processes/supervise.ts';

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 2_000;

/** Starts the crowd as a child. The stack lives on without it when it fails. */
export function startCrowd(parts: {
  readonly count: number;
  readonly baseUrl: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly report: (line: string) => void;
}): Supervised {
  const crowd = supervise({
    name: 'crowd',
    entry: join(CHECKOUT, 'infra/local/crowd/main.ts'),
    words: [JSON.stringify({ baseUrl: parts.baseUrl, count: parts.count })],
    env: parts.env,
    logFile: parts.logFile,
    readyLimitMs: READY_LIMIT_MS,
    stopLimitMs: STOP_LIMIT_MS,
    onChange: () => undefined,
    report: parts.report,
    onGiveUp: (sentence) => parts.report(`${sentence} The map goes on without it.`),
  });
  crowd.firstReady.then(
    () => parts.report(`${parts.count} simulated shoppers came in.`),
    (error: unknown) => parts.report(`${error instanceof Error ? error.message : 'crowd failed'}`),
  );
  return crowd;
}
