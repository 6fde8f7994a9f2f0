import type { EventId } from '@holdfast/db/model';
import { overviewRoom, seatsRoom } from '../bus/rooms.ts';
import type { SectionRange } from '../viewer/seat-picture.ts';

/** Where the sections of an event's chart lie, and the rooms that go with them. */
export type SectionLayout = {
  readonly chartHash: string;
  readonly seatCount: number;
  readonly sections: readonly SectionRange[];
  /** The section of each seat. */
  readonly sectionOfSeat: Uint16Array;
  readonly allRoom: string;
  readonly sectionRooms: readonly string[];
  readonly overviewRoom: string;
};

export function layOut(
  event: EventId,
  chartHash: string,
  sections: readonly SectionRange[],
): SectionLayout {
  const last = sections.at(-1);
  const seatCount = last === undefined ? 0 : last.start + last.seatCount;
  const sectionOfSeat = new Uint16Array(seatCount);
  for (const [section, { start, seatCount: seats }] of sections.entries()) {
    sectionOfSeat.fill(section, start, start + seats);
  }
  return {
    chartHash,
    seatCount,
    sections,
    sectionOfSeat,
    allRoom: seatsRoom(event, 'all'),
    sectionRooms: sections.map((_, section) => seatsRoom(event, section)),
    overviewRoom: overviewRoom(event),
  };
}
