import {
  createSeatChanges,
  encodeBeat,
  encodeFrame,
  encodeFullState,
  encodeOverview,
  encodeSeatChanges,
  hubRefusal,
  type SeatChanges,
  sectionDigest,
  type TruthMessage,
} from '@holdfast/realtime-hub/protocol';
import { z } from 'zod';
import { handshakeSchema } from '../src/hub/handshake-schema.ts';
import { watchSchema } from '../src/hub/watch-schema.ts';
import { REFUSAL_CODES } from '../src/protocol/refusal.ts';

/**
 * One of everything that crosses the socket wire, encoded. The pin hashes this text: whoever
 * changes an encoding changes it, and has to say so with a new protocol version.
 */
export function protocolVectors(): string {
  const map = Uint8Array.from({ length: 13 }, (_, seat) => (seat * 7) % 4);
  const changes = seatChanges([
    [0, 1],
    [5, 0],
    [37, 2],
    [38, 3],
    [4_000, 1],
  ]);
  const frame = {
    epoch: '1700000000000001',
    prev: 41,
    offset: 44,
    parts: [
      { section: 3, kind: 'changes', payload: encodeSeatChanges(changes) },
      { section: 12, kind: 'full', payload: encodeFullState(map, 0, 13) },
    ],
  } as const;
  return [
    encodeSeatChanges(changes),
    encodeFullState(map, 0, 13),
    encodeFrame({ scope: 'all', ...frame }),
    encodeFrame({ scope: 3, ...frame }),
    encodeBeat({ scope: 3, epoch: '7', hubOffset: 9, lastFrame: 8, digests: [4_294_967_295] }),
    encodeBeat({ scope: 'all', epoch: '7', hubOffset: 9, lastFrame: 8, digests: [0, 36] }),
    encodeOverview({ epoch: '7', offset: 9, free: [120, 0, 33] }),
    `${sectionDigest(map, 2, 13)}`,
    JSON.stringify([z.toJSONSchema(handshakeSchema), z.toJSONSchema(watchSchema)]),
    JSON.stringify(['truth', { reached: false } satisfies TruthMessage]),
    ...REFUSAL_CODES.map((code) => JSON.stringify(hubRefusal(code))),
  ].join('\n');
}

/** Ascending (index, state) pairs as the reusable form. */
export function seatChanges(pairs: readonly (readonly [number, number])[]): SeatChanges {
  const changes = createSeatChanges();
  for (const [index, state] of pairs) {
    changes.indexes[changes.count] = index;
    changes.states[changes.count] = state;
    changes.count += 1;
  }
  return changes;
}
