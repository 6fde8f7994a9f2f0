import type { HoldStatus } from '../model/door.ts';

/**
 * The transition table as the feed shows it: for each verb and outcome, the states a hold may be in
 * before, the state after, and what may happen to a seat. `begin_confirm` and `extend` change no
 * seat and leave no record, so held and confirming are both `live` here. A hold that another's
 * booking robs of seats tells so itself (`revoke/shrunk`, `revoke/revoked`), except a confirming
 * one, which stays live, if need be without seats, until its own end.
 */
export type ReplayStatus = 'unknown' | 'live' | Exclude<HoldStatus, 'held' | 'confirming'>;

/** Who has a seat, seen from the record's own hold. */
export type SeatSide = 'free' | 'own' | 'own-booked' | 'other' | 'other-booked' | 'blocked';

export type LegalStep = {
  readonly from: readonly ReplayStatus[];
  /** null: the record names no hold. */
  readonly to: ReplayStatus | null;
  /** Allowed seat changes, `before>after`. */
  readonly changes: readonly `${SeatSide}>${SeatSide}`[];
};

/** Ends that left the hold without seats and Cosmos without a booking, as far as Redis knew. */
export const LOST_STATUSES: readonly ReplayStatus[] = ['released', 'expired', 'revoked'];
const TO_FREE = ['own>free'] as const;
const TO_BOOKED = ['free>own-booked', 'other>own-booked', 'blocked>own-booked'] as const;

const STEPS: Readonly<Record<string, LegalStep>> = {
  'place/placed': { from: ['unknown'], to: 'live', changes: ['free>own'] },
  'amend/amended': { from: ['live'], to: 'live', changes: ['free>own', 'own>free'] },
  'release/released': { from: ['live'], to: 'released', changes: TO_FREE },
  'expire/expired': { from: ['live'], to: 'expired', changes: TO_FREE },
  'revoke/shrunk': { from: ['live'], to: 'live', changes: TO_FREE },
  'revoke/revoked': { from: ['live'], to: 'revoked', changes: TO_FREE },
  'commit/booked': {
    from: ['live'],
    to: 'booked',
    changes: ['own>own-booked', ...TO_FREE, ...TO_BOOKED],
  },
  'repair/booked': { from: ['unknown', ...LOST_STATUSES], to: 'booked', changes: TO_BOOKED },
  'reject/rejected': {
    from: ['live'],
    to: 'rejected',
    changes: [...TO_FREE, 'own>other-booked', 'own>blocked'],
  },
  'cancel/cancelled': {
    from: ['unknown', 'live', 'booked', ...LOST_STATUSES],
    to: 'cancelled',
    changes: [...TO_FREE, 'own-booked>free'],
  },
  'block/blocked': { from: ['unknown'], to: null, changes: ['free>blocked'] },
  'unblock/unblocked': { from: ['unknown'], to: null, changes: ['blocked>free'] },
  'repair/repaired': {
    from: ['unknown'],
    to: null,
    changes: [
      'free>blocked',
      'free>other-booked',
      'blocked>free',
      'blocked>other-booked',
      'other-booked>free',
      'other-booked>blocked',
      'other-booked>other-booked',
    ],
  },
};

/** The rule for a record's verb and outcome; null when no script writes such a pair. */
export function legalStep(verb: string, outcome: string): LegalStep | null {
  const name = `${verb}/${outcome}`;
  return Object.hasOwn(STEPS, name) ? (STEPS[name] ?? null) : null;
}

/** Whether a hold of this status has had its end record. */
export function hasEnded(status: ReplayStatus): boolean {
  return status !== 'unknown' && status !== 'live';
}
