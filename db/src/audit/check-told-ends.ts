import type { AuditEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { ToldEnded } from './journal.ts';
import { LOST_STATUSES, type ReplayStatus } from './legal-step.ts';
import type { Replay } from './replay.ts';

/**
 * An end that a client was told is the hold's end in the feed too; a booking that was told is never
 * taken back but by its cancel (I2). Holds of another life of the feed are not judged.
 */
export function* checkToldEnds({ journals }: AuditEvidence, replay: Replay): Generator<Finding> {
  for (const { client, entries } of journals) {
    for (const entry of entries) {
      if (entry.kind !== 'ended') continue;
      const status = replay.holds.get(entry.hold)?.status ?? 'unknown';
      if (status === 'unknown') continue;
      if (status === entry.how || MAY_FOLLOW[entry.how].includes(status)) continue;
      const sentence = `${client} was told that hold ${entry.hold} is ${entry.how}; the feed left it ${status}.`;
      yield { code: 'told.end-untrue', hold: entry.hold, sentence };
    }
  }
}

/** The ends that the feed may have reached once a client was told `how`, beside `how` itself. */
const MAY_FOLLOW: Readonly<Record<ToldEnded['how'], readonly ReplayStatus[]>> = {
  booked: ['cancelled'],
  // A decision of Cosmos on a hold that had lost its seats before leaves no record.
  cancelled: LOST_STATUSES,
  rejected: LOST_STATUSES,
  // A late decision of Cosmos stands above what Redis had ended by itself.
  released: ['booked', 'cancelled'],
  expired: ['booked', 'cancelled'],
  revoked: ['booked', 'cancelled'],
  // What an owner is told when another's booking took the last seat.
  lost: ['revoked', 'rejected', 'booked', 'cancelled'],
};
