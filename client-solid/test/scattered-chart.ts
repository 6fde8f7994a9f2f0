import type { Chart, Row } from '@holdfast/db/model';

/**
 * A chart whose seats lie anywhere, also on top of each other: what a map must survive. Labels are
 * `A-<row>-<number>`.
 */
export function scatteredChart(fraction: () => number, seatCount: number): Chart {
  const [width, height] = [2_000, 1_200];
  const perRow = 20;
  const rows: Row[] = [];
  for (let start = 0; start < seatCount; start += perRow) {
    const places = Array.from({ length: Math.min(perRow, seatCount - start) }, (_, at) => at);
    rows.push({
      name: `${rows.length + 1}`,
      x: places.map(() => fraction() * width),
      y: places.map(() => fraction() * height),
      numbers: places.map((at) => `${at + 1}`),
      category: places.map(() => Math.floor(fraction() * 2)),
      breaks: [],
      accessible: [0],
      companion: [1],
    });
  }
  return {
    format: 'holdfast.chart/1',
    name: 'Scattered',
    seatCount,
    currency: 'EUR',
    categories: [
      { name: 'One', colour: '#b4572a', price: 1_000 },
      { name: 'Two', colour: '#2f6f9f', price: 2_000 },
    ],
    levels: ['Ground'],
    focal: null,
    width,
    height,
    areas: [],
    sections: [{ id: 'A', name: 'Section A', level: 0, start: 0, seatCount, rows }],
  };
}

/** `rows` by `seats` seats, 50 apart; row 1 on top, labels `A-<row>-<number>`. */
export function squareChart(rowCount: number, seats: number): Chart {
  const places = Array.from({ length: seats }, (_, at) => at);
  const rows = Array.from({ length: rowCount }, (_, row): Row => {
    return {
      name: `${row + 1}`,
      x: places.map((at) => 100 + at * 50),
      y: places.map(() => 100 + row * 50),
      numbers: places.map((at) => `${at + 1}`),
      category: row % 2,
      breaks: [],
      accessible: [],
      companion: [],
    };
  });
  const seatCount = rowCount * seats;
  const scattered = scatteredChart(() => 0, 0);
  return {
    ...scattered,
    seatCount,
    sections: [{ id: 'A', name: 'Section A', level: 0, start: 0, seatCount, rows }],
  };
}
