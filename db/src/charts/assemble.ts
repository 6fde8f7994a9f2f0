import type { Area, Chart, Point, Row, Section } from '@holdfast/db/model';
import { ChartError } from './chart-error.ts';
import { checkChart } from './chart-rules.ts';
import { cutSections } from './cut-sections.ts';
import type { Draft, DraftArea, DraftPoint, DraftRow, DraftSection } from './draft.ts';
import { COORDINATE_MAX } from './limits.ts';

/** Free space around everything, in centimetres. */
const MARGIN = 100;
/** Keeps exact halves, which trigonometry misses by a hair on either side, from rounding both ways. */
const HAIR = 1e-6;

/**
 * The one builder of charts. The same draft gives the same chart on every machine: seats are indexed
 * in the order of the draft, sections own contiguous ranges of at most `SECTION_SEATS_MAX`, and
 * coordinates are whole numbers in [0, width] x [0, height]. Throws `ChartError`.
 */
export function assembleChart(draft: Draft): Chart {
  const sections = cutSections(
    draft.sections
      .map((section) => ({ ...section, rows: section.rows.filter((row) => row.seats.length > 0) }))
      .filter((section) => section.rows.length > 0),
  );
  if (sections.length === 0) throw new ChartError('chart.empty', '', 'the plan has no seats');
  const box = boxOf(draft, sections);
  const chart: Chart = {
    format: 'holdfast.chart/1',
    name: draft.name,
    seatCount: sections.reduce((sum, section) => sum + seatsOf(section), 0),
    currency: draft.currency,
    categories: draft.categories,
    levels: draft.levels,
    focal: draft.focal === null ? null : box.place(draft.focal),
    width: box.width,
    height: box.height,
    areas: draft.areas.map((area) => assembleArea(area, box)),
    sections: assembleSections(sections, box),
  };
  checkChart(chart);
  return chart;
}

type Box = {
  readonly width: number;
  readonly height: number;
  readonly place: (point: DraftPoint) => Point;
};

/** The box round everything that is drawn, and the way from the plan's coordinates into it. */
function boxOf(draft: Draft, sections: readonly DraftSection[]): Box {
  const edge = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const include = ({ x, y }: DraftPoint, reach: number): void => {
    edge.left = Math.min(edge.left, x - reach);
    edge.top = Math.min(edge.top, y - reach);
    edge.right = Math.max(edge.right, x + reach);
    edge.bottom = Math.max(edge.bottom, y + reach);
  };
  for (const section of sections) {
    for (const row of section.rows) for (const seat of row.seats) include(seat, 0);
  }
  for (const area of draft.areas) for (const point of area.points) include(point, area.radius ?? 0);
  if (draft.focal !== null) include(draft.focal, 0);
  const left = edge.left - MARGIN;
  const top = edge.top - MARGIN;
  const whole = (value: number): number => Math.floor(value + 0.5 + HAIR);
  const width = Math.ceil(edge.right - left - HAIR) + MARGIN;
  const height = Math.ceil(edge.bottom - top - HAIR) + MARGIN;
  if (!(width <= COORDINATE_MAX && height <= COORDINATE_MAX)) {
    const message = `the plan is larger than ${COORDINATE_MAX} units across; look for a seat or area far away from the rest`;
    throw new ChartError('chart.limit', '', message);
  }
  return { width, height, place: ({ x, y }) => ({ x: whole(x - left), y: whole(y - top) }) };
}

function assembleSections(sections: readonly DraftSection[], box: Box): Section[] {
  let start = 0;
  return sections.map((section) => {
    const built: Section = {
      id: section.id,
      name: section.name,
      level: section.level,
      start,
      seatCount: seatsOf(section),
      rows: section.rows.map((row) => assembleRow(row, box)),
    };
    start += built.seatCount;
    return built;
  });
}

function assembleRow(row: DraftRow, box: Box): Row {
  const points = row.seats.map(box.place);
  const categories = row.seats.map((seat) => seat.category);
  const [first = 0] = categories;
  const labels = row.seats.map((seat) => seat.label);
  const positionsOf = (test: (seat: DraftRow['seats'][number]) => boolean): number[] =>
    row.seats.flatMap((seat, at) => (test(seat) ? [at] : []));
  return {
    name: row.name,
    x: points.map((point) => point.x),
    y: points.map((point) => point.y),
    numbers: row.seats.map((seat) => seat.number),
    category: categories.every((category) => category === first) ? first : categories,
    breaks: positionsOf((seat) => seat.breakAfter).filter((at) => at < row.seats.length - 1),
    accessible: positionsOf((seat) => seat.place === 'accessible'),
    companion: positionsOf((seat) => seat.place === 'companion'),
    ...(labels.every((label) => label !== undefined) ? { labels } : {}),
  };
}

function assembleArea(area: DraftArea, box: Box): Area {
  return {
    kind: area.kind,
    points: area.points.map(box.place),
    ...(area.radius === undefined ? {} : { radius: Math.max(1, Math.round(area.radius)) }),
    ...(area.text === undefined ? {} : { text: area.text }),
    colour: area.colour,
  };
}

function seatsOf(section: DraftSection): number {
  return section.rows.reduce((sum, row) => sum + row.seats.length, 0);
}
