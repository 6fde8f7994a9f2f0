import type { Chart, Row, Section } from '@holdfast/db/model';

export type HallSize = {
  readonly sections: number;
  readonly rows: number;
  readonly seatsPerRow: number;
};

const SEAT_PITCH_CM = 60;
const ROW_PITCH_CM = 90;
const GANGWAY_CM = 200;
const STAGE_CM = 400;

/**
 * A plain hall as a built chart: sections `A`, `B`, … side by side before a stage, labels
 * `A-1-1`. Row 1 is nearest to the stage and dearer than the rest.
 */
export function hallChart({ sections, rows, seatsPerRow }: HallSize): Chart {
  const blockWidth = seatsPerRow * SEAT_PITCH_CM + GANGWAY_CM;
  const seatCount = sections * rows * seatsPerRow;
  const width = sections * blockWidth + GANGWAY_CM;
  return {
    format: 'holdfast.chart/1',
    name: 'Test hall',
    seatCount,
    currency: 'EUR',
    categories: [
      { name: 'Front row', colour: '#b4572a', price: 6_500 },
      { name: 'Stalls', colour: '#2f6f9f', price: 4_200 },
    ],
    levels: ['Ground'],
    focal: { x: width / 2, y: 0 },
    width,
    height: STAGE_CM + rows * ROW_PITCH_CM + GANGWAY_CM,
    areas: [],
    sections: Array.from({ length: sections }, (_, at): Section => {
      const left = GANGWAY_CM + at * blockWidth;
      const size = rows * seatsPerRow;
      const id = String.fromCharCode('A'.charCodeAt(0) + at);
      const rowsOf = Array.from({ length: rows }, (__, row) => rowAt(row, left, seatsPerRow));
      return {
        id,
        name: `Block ${id}`,
        level: 0,
        start: at * size,
        seatCount: size,
        rows: rowsOf,
      };
    }),
  };
}

function rowAt(row: number, left: number, seats: number): Row {
  const places = Array.from({ length: seats }, (_, at) => at);
  const y = STAGE_CM + row * ROW_PITCH_CM;
  return {
    name: `${row + 1}`,
    x: places.map((at) => left + at * SEAT_PITCH_CM),
    y: places.map(() => y),
    numbers: places.map((at) => `${at + 1}`),
    category: row === 0 ? 0 : 1,
    breaks: [],
    accessible: [],
    companion: [],
  };
}
