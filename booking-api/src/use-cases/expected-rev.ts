import { type Refusal, refuse } from '../edge/refusal.ts';
import type { HoldOutcome } from './hold-outcome.ts';

/** The rev that a change was meant for, and where it stood: that decides how a mismatch is told. */
export type ExpectedRev = { readonly rev: number; readonly from: 'header' | 'body' };

/** `If-Match` goes before the body; without either a change could hit what nobody has seen. */
export function expectRev(
  ifMatch: number | null,
  bodyRev: number | undefined,
): ExpectedRev | Refusal {
  if (ifMatch !== null) return { rev: ifMatch, from: 'header' };
  if (bodyRev !== undefined) return { rev: bodyRev, from: 'body' };
  return refuse('precondition.required', 'The request does not say which rev it is meant for.');
}

/** RFC 9110: what failed in `If-Match` is 412, whatever its cause is called elsewhere. */
export function asPrecondition(outcome: HoldOutcome, expected: ExpectedRev): HoldOutcome {
  if (outcome.kind === 'hold' || outcome.code !== 'hold.changed') return outcome;
  return expected.from === 'header' ? { ...outcome, code: 'hold.precondition' } : outcome;
}
