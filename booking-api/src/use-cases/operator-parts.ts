import type { Catalogue } from '@holdfast/db/catalogue';
import { RETRY_SOON_MS, type Refusal } from '../edge/refusal.ts';
import type { HoldParts } from './hold-parts.ts';

/** What the use cases of operators work with: holds and seats, and the catalogue behind them. */
export type OperatorParts = HoldParts & { readonly catalogue: Catalogue };

/** One of two stores has the change, the other may not: the same request again completes it (I5). */
export type UnsettledChange = {
  readonly kind: 'unsettled';
  readonly status: 'pending';
  readonly retryAfterMs: number;
};

export const UNSETTLED: UnsettledChange = {
  kind: 'unsettled',
  status: 'pending',
  retryAfterMs: RETRY_SOON_MS,
};

export type OperatorResult<Done> = Done | UnsettledChange | Refusal;

/** Runs the step after the first store was changed: from there on a failure is "unsettled". */
export async function secondStep<Done>(
  parts: OperatorParts,
  step: () => Promise<Done>,
): Promise<Done | 'failed'> {
  try {
    return await step();
  } catch (error) {
    parts.logger.warn({ err: error }, 'the second half of an operator change failed');
    return 'failed';
  }
}
