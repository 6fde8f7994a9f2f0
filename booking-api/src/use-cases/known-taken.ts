import { SEAT_STATE_NAMES, SeatState, seatState } from '@holdfast/db/model';
import type { Caller } from '../edge/access.ts';
import type { Intent } from '../edge/idempotency.ts';
import { type Refusal, refuse } from '../edge/refusal.ts';
import type { HoldParts } from './hold-parts.ts';
import type { OpenEvent } from './open-event.ts';

/** How old the proof may be that this process's map is the newest. */
const VERIFIED_WITHIN_MS = 1_000;

/**
 * Refuses what this process's own map knows is taken, without lock and script: most taps on a
 * popular event are late, and they should cost one read. Null whenever that is not certain to be
 * the machine's own answer: the map may be old, the key may name a hold that was placed before, the
 * caller may have a basket, which the machine answers first, or a hold may be overdue. The store
 * answers the last three in one read.
 */
export async function refuseKnownTaken(
  parts: HoldParts,
  open: OpenEvent,
  request: {
    readonly caller: Caller;
    readonly seats: readonly number[];
    readonly intent: Intent;
  },
): Promise<Refusal | null> {
  const { id, chartHash } = open.document;
  const view = parts.reader.peek(id);
  if (view === null || view.chartHash !== chartHash || view.sale !== 'open') return null;
  const verifiedMs = parts.ambient.clock.monotonicMs() - view.verifiedAtMs;
  if (verifiedMs > VERIFIED_WITHIN_MS) return null;
  if (request.seats.length > open.document.policy.maxSeats) return null;
  const taken = request.seats.filter((seat) => view.map[seat] !== SeatState.available);
  if (taken.length === 0) return null;
  const known = taken.map((seat) => ({
    label: open.chart.labelOf(seat),
    state: SEAT_STATE_NAMES[seatState(view.map[seat] ?? 0)],
    mine: false,
  }));
  const { owner } = request.caller;
  const probe = await parts.store.probe(id, { owner, idemField: request.intent.idemField });
  if (probe.outcome !== 'clear') return null;
  return refuse('seats.unavailable', 'Not all of these seats are free.', { seats: known });
}
