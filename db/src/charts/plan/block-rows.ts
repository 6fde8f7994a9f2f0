import { ChartError } from '../chart-error.ts';
import type { DraftPoint } from '../draft.ts';
import type { SeatBudget } from '../seat-budget.ts';
import type { Plan, PlanBlock } from './plan-schema.ts';
import { rowNamesFrom } from './row-names.ts';
import { countFilled, fillRow, layRuns, type RowPlaces, type RowSpace } from './row-places.ts';
import { seatNumbers } from './seat-numbers.ts';

export type BlockSeat = DraftPoint & { readonly number: string; readonly breakAfter: boolean };
export type BlockRow = { readonly name: string; readonly seats: readonly BlockSeat[] };

type Spacing = Pick<Plan, 'seatSpacing' | 'rowSpacing' | 'aisleWidth'>;

/** One row as a line: how long it is, where its aisles are, and how a place on it becomes a point. */
type Line = {
  readonly length: number | null;
  readonly aisles: readonly number[];
  readonly pointAt: (place: number) => DraftPoint;
};

const RADIANS = Math.PI / 180;

/** Expands a block into rows of seats. Throws `ChartError` at `place`. */
export function blockRows(
  block: PlanBlock,
  defaults: Spacing,
  budget: SeatBudget,
  place: string,
): BlockRow[] {
  const spacing = {
    seatSpacing: block.seatSpacing ?? defaults.seatSpacing,
    rowSpacing: block.rowSpacing ?? defaults.rowSpacing,
    aisleWidth: block.aisleWidth ?? defaults.aisleWidth,
  };
  if (Array.isArray(block.seats) && block.seats.length !== block.rows) {
    const message = `${block.seats.length} texts for ${block.rows} rows; write one for all, or one a row`;
    throw new ChartError('chart.invalid', `${place}.seats`, message);
  }
  const names = rowNamesFrom(block.rowNames.first, block.rowNames.skip, block.rows);
  return names.map((name, at) => {
    const line =
      block.kind === 'arc'
        ? arcLine(block, at * spacing.rowSpacing)
        : straightLine(block, at, spacing.rowSpacing);
    const { places, breaks } = rowPlaces(block, line, at, spacing, budget, place);
    const numbers = seatNumbers(block.numbers, places.length);
    return {
      name,
      seats: places.map((along, seat) => ({
        ...line.pointAt(along),
        number: numbers[seat] ?? '',
        breakAfter: breaks.has(seat),
      })),
    };
  });
}

function rowPlaces(
  block: PlanBlock,
  line: Line,
  at: number,
  spacing: Spacing,
  budget: SeatBudget,
  place: string,
): RowPlaces {
  const listed = typeof block.seats === 'string' ? block.seats : block.seats?.[at];
  if (listed !== undefined) {
    const counts = listed.split('+').map(Number);
    budget.take(
      counts.reduce((sum, count) => sum + count, 0),
      place,
    );
    return layRuns(counts, spacing.seatSpacing, spacing.aisleWidth);
  }
  if (line.length === null) {
    const message = 'say how wide the block is (width) or how many seats a row has (seats)';
    throw new ChartError('chart.invalid', place, message);
  }
  const space: RowSpace = {
    length: line.length,
    margin: block.margin,
    aisles: line.aisles,
    aisleWidth: spacing.aisleWidth,
    spacing: spacing.seatSpacing,
  };
  budget.take(countFilled(space), place);
  return fillRow(space);
}

/** A circle's arc round the centre; angles grow from the left of those who sit there to their right. */
function arcLine(block: Extract<PlanBlock, { kind: 'arc' }>, back: number): Line {
  const radius = block.radius + back;
  const middle = (block.from + block.to) / 2;
  return {
    length: Math.abs(block.to - block.from) * RADIANS * radius,
    aisles: block.aisles.map((angle) => (angle - middle) * RADIANS * radius),
    pointAt: (along) => {
      const angle = middle * RADIANS + along / radius;
      return {
        x: block.centre.x + radius * Math.sin(angle),
        y: block.centre.y + radius * Math.cos(angle),
      };
    },
  };
}

function straightLine(
  block: Extract<PlanBlock, { kind: 'straight' }>,
  at: number,
  rowSpacing: number,
): Line {
  const [across, back] = [Math.cos(block.facing * RADIANS), Math.sin(block.facing * RADIANS)];
  const depth = at * rowSpacing;
  return {
    length: block.width === undefined ? null : block.width + at * block.widthStep,
    aisles: block.aisles,
    pointAt: (along) => ({
      x: block.at.x + back * depth + across * along,
      y: block.at.y + across * depth - back * along,
    }),
  };
}
