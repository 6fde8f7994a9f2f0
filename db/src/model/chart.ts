import type { EventId } from './ids.ts';
import type { Policy } from './policy.ts';

/**
 * A built chart: immutable geometry and prices under the hash of its text. Seats have a dense
 * index; every section owns the contiguous range [start, start + seats of its rows), at most
 * `SECTION_SEATS_MAX`, so that frames and snapshots can speak of "seat 7 of section 3".
 */
export type Chart = {
  readonly format: 'holdfast.chart/1';
  readonly name: string;
  readonly seatCount: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly categories: readonly Category[];
  /** Names of levels, ground first; sections refer to them by index. */
  readonly levels: readonly string[];
  /** Where people look: stage, pitch or screen. */
  readonly focal: Point | null;
  /** Everything lies in [0, width] x [0, height]; one unit is one centimetre where it is known. */
  readonly width: number;
  readonly height: number;
  /** Drawn under the seats, never tapped. */
  readonly areas: readonly Area[];
  readonly sections: readonly Section[];
};

export type Point = { readonly x: number; readonly y: number };

export type Category = {
  readonly name: string;
  /** `#rrggbb` */
  readonly colour: string;
  /** Minor units of the chart's currency. */
  readonly price: number;
};

export type Section = {
  /** Short and unique within the chart: `A`, `104`, `BAL-L`. */
  readonly id: string;
  readonly name: string;
  readonly level: number;
  /** Index of its first seat. */
  readonly start: number;
  readonly seatCount: number;
  readonly rows: readonly Row[];
};

/** Seats of a row from its first to its last, in order of their index. The arrays are parallel. */
export type Row = {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Seat numbers as printed on the seat. */
  readonly numbers: readonly string[];
  /** Index into `categories`: one for the row, or one a seat. */
  readonly category: number | readonly number[];
  /** Positions in the row after which there is an aisle: neighbours across it are not adjacent. */
  readonly breaks: readonly number[];
  /** Positions in the row of wheelchair places and of the companion seats beside them. */
  readonly accessible: readonly number[];
  readonly companion: readonly number[];
  /** Present when labels are not `<section>-<row>-<number>` (imported plans carry their own). */
  readonly labels?: readonly string[];
};

export type Area = {
  readonly kind: 'polygon' | 'circle' | 'text';
  /** A polygon's corners, a circle's centre, a text's middle. */
  readonly points: readonly Point[];
  readonly radius?: number;
  readonly text?: string;
  readonly colour: string;
};

export const SECTION_SEATS_MAX = 4_096;

/** draft -> open <-> paused -> closed. */
export type SaleState = 'draft' | 'open' | 'paused' | 'closed';

/** A show as the catalogue stores it. */
export type EventDocument = {
  readonly id: EventId;
  readonly name: string;
  readonly venue: string;
  /** RFC 3339, UTC. */
  readonly startsAt: string;
  readonly chartHash: string;
  readonly seatCount: number;
  readonly sale: SaleState;
  readonly policy: Policy;
  /** Grows by one with every change of the document. */
  readonly version: number;
};

/** The label of every seat in index order: `A-12-7`, or the imported one. Unique within the chart. */
export function seatLabels(chart: Chart): string[] {
  const labels: string[] = [];
  for (const section of chart.sections) {
    for (const row of section.rows) {
      for (const [at, number] of row.numbers.entries()) {
        labels.push(row.labels?.[at] ?? `${section.id}-${row.name}-${number}`);
      }
    }
  }
  return labels;
}

/** The category index of every seat in index order. */
export function seatCategories(chart: Chart): Uint8Array {
  const categories = new Uint8Array(chart.seatCount);
  let index = 0;
  for (const section of chart.sections) {
    for (const row of section.rows) {
      for (let at = 0; at < row.numbers.length; at += 1) {
        categories[index] =
          typeof row.category === 'number' ? row.category : (row.category[at] ?? 0);
        index += 1;
      }
    }
  }
  return categories;
}

/** The section (its place in `chart.sections`) that owns a seat, by binary search. */
export function sectionOfSeat(sections: readonly Pick<Section, 'start'>[], seat: number): number {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sections[middle]?.start ?? 0) <= seat) low = middle;
    else high = middle - 1;
  }
  return low;
}
