import { SEAT_STATE_NAMES, type SeatState, stateOfHolder } from '../model/door.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Replay } from './replay.ts';

/** The map that viewers see and the holders behind it are both what the feed leads to. */
export function* checkSeats(evidence: StoredEvidence, replay: Replay): Generator<Finding> {
  const { map, seatCount, holders } = evidence;
  if (map.length !== seatCount) {
    const sentence = `The map has ${map.length} seats, the event ${seatCount}.`;
    yield { code: 'map.wrong-length', sentence };
  }
  for (let seat = 0; seat < seatCount; seat += 1) {
    const right = replay.holders.get(seat) ?? '';
    const shown = map[seat] ?? 0;
    if (shown !== stateOfHolder(right)) {
      const sentence = `The map shows seat ${seat} as ${nameOf(shown)}, the feed left it '${right}'.`;
      yield { code: 'map.differs', seat, sentence };
    }
  }
  for (const seat of new Set([...holders.keys(), ...replay.holders.keys()])) {
    const stored = holders.get(seat) ?? '';
    const right = replay.holders.get(seat) ?? '';
    if (stored !== right) {
      const sentence = `Seat ${seat} is stored for '${stored}', the feed left it '${right}'.`;
      yield { code: 'seats.differ', seat, sentence };
    }
  }
}

/** A state's name, or the byte itself where it is none. */
export function nameOf(state: SeatState | number): string {
  return SEAT_STATE_NAMES[state] ?? `${state}`;
}
