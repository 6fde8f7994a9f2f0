import type { Figure } from '../harness/figure.ts';
import { expiryLag } from './first-light/expiry-lag.ts';
import { httpHolds } from './first-light/http-holds.ts';
import { hubFanOut } from './first-light/hub-fan-out.ts';
import { lockCost } from './first-light/lock-cost.ts';
import { snapshotBytes } from './first-light/snapshot-bytes.ts';
import { startTime } from './first-light/start-time.ts';
import { tapToPaint } from './first-light/tap-to-paint.ts';

/** The figures of the first light, in the order they are run. */
export const FIRST_LIGHT: readonly Figure[] = [
  tapToPaint,
  snapshotBytes,
  httpHolds,
  lockCost,
  hubFanOut,
  expiryLag,
  startTime,
];
