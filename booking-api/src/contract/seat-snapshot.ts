import {
  packedLength,
  packSeats,
  type SeatMap,
  type Section,
  unpackSeats,
} from '@holdfast/db/model';

type SectionRange = Pick<Section, 'start' | 'seatCount'>;

/** The body of `readSeats`: section after section, two bits a seat, each section on a fresh byte. */
export function packSnapshot(sections: readonly SectionRange[], map: SeatMap): Uint8Array {
  const bytes = new Uint8Array(snapshotLength(sections));
  let at = 0;
  for (const { start, seatCount } of sections) {
    bytes.set(packSeats(map, start, start + seatCount), at);
    at += packedLength(seatCount);
  }
  return bytes;
}

/** The reverse: one byte a seat. `null` when the length does not fit the sections. */
export function unpackSnapshot(
  sections: readonly SectionRange[],
  bytes: Uint8Array,
): SeatMap | null {
  if (bytes.length !== snapshotLength(sections)) return null;
  const map = new Uint8Array(sections.reduce((sum, section) => sum + section.seatCount, 0));
  let at = 0;
  for (const { start, seatCount } of sections) {
    unpackSeats(bytes.subarray(at), seatCount, map, start);
    at += packedLength(seatCount);
  }
  return map;
}

function snapshotLength(sections: readonly SectionRange[]): number {
  return sections.reduce((sum, section) => sum + packedLength(section.seatCount), 0);
}
