import type { Chart } from '@holdfast/db/model';

/** A hall of one section and one row: `A-1-1`, `A-1-2`, … */
export function oneRow(seatCount: number): Chart {
  const places = Array.from({ length: seatCount }, (_, at) => at);
  const row = {
    name: '1',
    x: places.map((at) => 100 + at * 50),
    y: places.map(() => 100),
    numbers: places.map((at) => `${at + 1}`),
    category: 0,
    breaks: [],
    accessible: [],
    companion: [],
  };
  return {
    format: 'holdfast.chart/1',
    name: 'One long row',
    seatCount,
    currency: 'EUR',
    categories: [{ name: 'All', colour: '#336699', price: 3_000 }],
    levels: ['Ground'],
    focal: { x: 500, y: 0 },
    width: 200 + seatCount * 50,
    height: 300,
    areas: [],
    sections: [{ id: 'A', name: 'Row', level: 0, start: 0, seatCount, rows: [row] }],
  };
}
