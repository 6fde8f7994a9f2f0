import type { Chart } from '@holdfast/db/model';

/** Two sections, the first of which does not end on a byte: `A-1-1` to `A-2-5` and `B-1-1` to `B-1-6`. */
export function smallChart(name = 'A small hall'): Chart {
  return {
    format: 'holdfast.chart/1',
    name,
    seatCount: 16,
    currency: 'GBP',
    categories: [
      { name: 'Front', colour: '#aa3311', price: 4_500 },
      { name: 'Back', colour: '#1133aa', price: 2_000 },
    ],
    levels: ['Stalls'],
    focal: { x: 500, y: 0 },
    width: 1_000,
    height: 1_000,
    areas: [],
    sections: [
      {
        id: 'A',
        name: 'Front',
        level: 0,
        start: 0,
        seatCount: 10,
        rows: [row('1', 5, 100, 0), row('2', 5, 200, 0)],
      },
      { id: 'B', name: 'Back', level: 0, start: 10, seatCount: 6, rows: [row('1', 6, 300, 1)] },
    ],
  };
}

function row(name: string, seats: number, y: number, category: number) {
  const places = Array.from({ length: seats }, (_, at) => at);
  return {
    name,
    x: places.map((at) => 100 + at * 50),
    y: places.map(() => y),
    numbers: places.map((at) => `${at + 1}`),
    category,
    breaks: [],
    accessible: [],
    companion: [],
  };
}
