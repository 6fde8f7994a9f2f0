import { SECTION_SEATS_MAX } from '@holdfast/db/model';
import type { DraftRow, DraftSection } from './draft.ts';

/**
 * Cuts sections that are larger than a section may be, between rows where it can and inside a row
 * where it must. The parts are named `A.1`, `A.2`; their seats keep the labels they had as `A`.
 */
export function cutSections(
  sections: readonly DraftSection[],
  seatsMax: number = SECTION_SEATS_MAX,
): DraftSection[] {
  const taken = new Set(sections.map((section) => section.id));
  return sections.flatMap((section) => {
    const parts = packRows(cutRows(section, seatsMax), seatsMax);
    if (parts.length === 1) return [section];
    return parts.map((rows, at) => ({
      ...section,
      id: freeId(`${section.id}.${at + 1}`, taken),
      name: `${section.name} (${at + 1} of ${parts.length})`,
      rows,
    }));
  });
}

/** The rows with their labels written out, none longer than `seatsMax`. */
function cutRows(section: DraftSection, seatsMax: number): DraftRow[] {
  return section.rows.flatMap((row) => {
    const seats = row.seats.map((seat) => ({
      ...seat,
      label: seat.label ?? `${section.id}-${row.name}-${seat.number}`,
    }));
    const parts: DraftRow[] = [];
    for (let from = 0; from < seats.length; from += seatsMax) {
      parts.push({ name: row.name, seats: seats.slice(from, from + seatsMax) });
    }
    return parts;
  });
}

function packRows(rows: readonly DraftRow[], seatsMax: number): DraftRow[][] {
  const parts: DraftRow[][] = [];
  let room = 0;
  for (const row of rows) {
    const open = parts.at(-1);
    if (open !== undefined && row.seats.length <= room) {
      open.push(row);
      room -= row.seats.length;
    } else {
      parts.push([row]);
      room = seatsMax - row.seats.length;
    }
  }
  return parts;
}

/** `wanted`, or where that is taken `wanted~2`, `wanted~3`, ...; the answer is taken from then on. */
export function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let more = 2; taken.has(id); more += 1) id = `${wanted}~${more}`;
  taken.add(id);
  return id;
}
