import { type Chart, type Row, type Section, sectionOfSeat } from '@holdfast/db/model';

/** A seat as a person reads it. */
export type SeatName = {
  /** The seat's public label, as the API speaks of it. */
  readonly label: string;
  readonly section: string;
  readonly row: string;
  readonly number: string;
};

/**
 * Names of seats, looked up in the chart when somebody needs one. A table of 70,000 labels would
 * cost more memory than the whole map, and a shopper looks at a few dozen.
 */
export type SeatNames = {
  /** The name of a seat of this chart; `RangeError` for an index it does not have. */
  nameOf(seat: number): SeatName;
  placeOf(seat: number): SeatPlace;
  /** What is printed on the seat; '' for an index the chart does not have. */
  numberOf(seat: number): string;
  /** The index of a label, or -1. */
  seatOf(label: string): number;
};

export type SeatPlace = {
  /** Index into the chart's categories. */
  readonly category: number;
  readonly accessible: boolean;
  readonly companion: boolean;
};

type PlacedRow = { readonly section: Section; readonly row: Row; readonly start: number };

export function createSeatNames(chart: Chart): SeatNames {
  const rows = placeRows(chart);
  const rowOfSeat = (seat: number): PlacedRow | undefined => rows[sectionOfSeat(rows, seat)];
  return {
    nameOf(seat) {
      const placed = rowOfSeat(seat);
      const number = placed?.row.numbers[seat - placed.start];
      if (placed === undefined || number === undefined) {
        throw new RangeError(`the chart has no seat ${seat}`);
      }
      const { section, row, start } = placed;
      const label = labelOf(section, row, seat - start, number);
      return { label, section: section.name, row: row.name, number };
    },
    placeOf(seat) {
      const placed = rowOfSeat(seat);
      const at = seat - (placed?.start ?? 0);
      const category = placed?.row.category ?? 0;
      return {
        category: typeof category === 'number' ? category : (category[at] ?? 0),
        accessible: placed?.row.accessible.includes(at) ?? false,
        companion: placed?.row.companion.includes(at) ?? false,
      };
    },
    numberOf(seat) {
      const placed = rowOfSeat(seat);
      return placed?.row.numbers[seat - placed.start] ?? '';
    },
    seatOf(label) {
      for (const { section, row, start } of rows) {
        // Only a row with labels of its own, or one whose prefix fits, is worth a closer look.
        if (row.labels === undefined && !label.startsWith(`${section.id}-${row.name}-`)) continue;
        const at = row.numbers.findIndex(
          (number, at) => labelOf(section, row, at, number) === label,
        );
        if (at >= 0) return start + at;
      }
      return -1;
    },
  };
}

function placeRows(chart: Chart): PlacedRow[] {
  const rows: PlacedRow[] = [];
  for (const section of chart.sections) {
    let start = section.start;
    for (const row of section.rows) {
      rows.push({ section, row, start });
      start += row.numbers.length;
    }
  }
  return rows;
}

function labelOf(section: Section, row: Row, at: number, number: string): string {
  return row.labels?.[at] ?? `${section.id}-${row.name}-${number}`;
}
