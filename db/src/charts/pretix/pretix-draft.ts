import { ChartError } from '../chart-error.ts';
import { readColour } from '../colour.ts';
import { freeId } from '../cut-sections.ts';
import type {
  Draft,
  DraftArea,
  DraftCategory,
  DraftPoint,
  DraftRow,
  DraftSection,
} from '../draft.ts';
import { NAME_LENGTH_MAX, SHORT_NAME_LENGTH_MAX } from '../limits.ts';
import { didYouMean } from '../nearest.ts';
import { placeOf } from '../place.ts';
import { SeatBudget } from '../seat-budget.ts';
import { pretixArea } from './pretix-areas.ts';
import { type PretixPlan, type PretixRow, type PretixZone, pretixSchema } from './pretix-schema.ts';
import { aislesIn, gapsOf, median } from './row-gaps.ts';
import { unusedKeys } from './unused-keys.ts';

/** Pretix draws a seat 20 pixels wide, which is about half a metre: a pixel is about 2 cm. */
const CENTIMETRES_PER_PIXEL = 2;
/** Colours for categories that come without one. */
const PALETTE = ['#4f7cac', '#c8553d', '#588157', '#b08968', '#7b5ea7', '#2a9d8f'];
const SECTION_ID_LENGTH = 16;

/** A draft whose prices are still open: pretix plans have none. */
export type PretixDraft = { readonly draft: Draft; readonly warnings: readonly string[] };

/**
 * Reads a pretix plan: a zone becomes a section, a `seat_guid` the seat's label, gaps in a row become
 * aisles. Every category gets `price`. Throws `ChartError` naming the place.
 */
export function pretixDraft(document: unknown, currency: string, price: number): PretixDraft {
  const parsed = pretixSchema.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = placeOf(issue?.path ?? []);
    throw new ChartError('chart.invalid', place, issue?.message ?? 'not a pretix plan');
  }
  const plan = parsed.data;
  const warnings = unusedKeys(document);
  const names = plan.categories.map((category) => category.name);
  checkSeats(plan, names);
  const usual = median(
    plan.zones.flatMap((zone) => zone.rows.flatMap((row) => gapsOf(seatPoints(zone, row)))),
  );
  const taken = new Set<string>();
  const draft: Draft = {
    name: plan.name.slice(0, NAME_LENGTH_MAX) || 'Imported plan',
    currency,
    categories: plan.categories.map((category, at) => readCategory(category, at, price)),
    levels: ['Main'],
    focal: null,
    areas: plan.zones.flatMap((zone) => readAreas(zone)),
    sections: plan.zones.map((zone, at) => readZone(zone, at, names, usual, taken)),
  };
  return { draft, warnings };
}

function checkSeats(plan: PretixPlan, categories: readonly string[]): void {
  const budget = new SeatBudget();
  const places = new Map<string, string>();
  const doubled: (readonly [place: string, seat: string, before: string])[] = [];
  for (const [zoneAt, zone] of plan.zones.entries()) {
    for (const [rowAt, row] of zone.rows.entries()) {
      budget.take(row.seats.length, `zones[${zoneAt}].rows[${rowAt}]`);
      for (const [seatAt, seat] of row.seats.entries()) {
        const place = `zones[${zoneAt}].rows[${rowAt}].seats[${seatAt}]`;
        const before = places.get(seat.seat_guid);
        if (before === undefined) places.set(seat.seat_guid, place);
        else doubled.push([place, seat.seat_guid, before]);
        if (!categories.includes(seat.category)) {
          const message = `no such category "${seat.category}"${didYouMean(seat.category, categories)}`;
          throw new ChartError('chart.invalid', `${place}.category`, message);
        }
      }
    }
  }
  refuseDoubled(doubled);
}

/** Plans put together by copying rows have many of these, so the message tells how many. */
function refuseDoubled(doubled: readonly (readonly [string, string, string])[]): void {
  const [first] = doubled;
  if (first === undefined) return;
  const [place, seat, before] = first;
  const more = doubled.length === 1 ? '' : `, and ${doubled.length - 1} more seats like it`;
  const message = `"${seat}" is also the id of ${before}${more}; every seat needs its own`;
  throw new ChartError('chart.duplicate', `${place}.seat_guid`, message);
}

function readCategory(
  category: PretixPlan['categories'][number],
  at: number,
  price: number,
): DraftCategory {
  const colour = readColour(category.color) ?? PALETTE[at % PALETTE.length] ?? '#808080';
  return { name: category.name.slice(0, NAME_LENGTH_MAX) || `Category ${at + 1}`, colour, price };
}

function readAreas(zone: PretixZone): DraftArea[] {
  return zone.areas
    .flatMap((area) => pretixArea(area, zone.position))
    .map((area) => ({
      ...area,
      points: area.points.map(scaled),
      ...(area.radius === undefined ? {} : { radius: area.radius * CENTIMETRES_PER_PIXEL }),
    }));
}

function readZone(
  zone: PretixZone,
  at: number,
  categories: readonly string[],
  usual: number,
  taken: Set<string>,
): DraftSection {
  const name = zone.name.slice(0, NAME_LENGTH_MAX) || `Zone ${at + 1}`;
  const rows = zone.rows.map((row, rowAt): DraftRow => {
    const points = seatPoints(zone, row);
    const aisles = aislesIn(points, usual);
    return {
      name: row.row_number.slice(0, SHORT_NAME_LENGTH_MAX) || `${rowAt + 1}`,
      seats: row.seats.map((seat, seatAt) => ({
        ...scaled(points[seatAt] ?? seat.position),
        number: seat.seat_number.slice(0, SHORT_NAME_LENGTH_MAX) || `${seatAt + 1}`,
        category: categories.indexOf(seat.category),
        breakAfter: aisles.has(seatAt),
        place: 'seat',
        label: seat.seat_guid,
      })),
    };
  });
  return { id: freeId(sectionId(name), taken), name, level: 0, rows };
}

/** `Main Area` becomes `MAIN-AREA`: short, and letters, digits and dashes only. */
function sectionId(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
  const id = plain.replace(/[^A-Z0-9]+/g, '-').slice(0, SECTION_ID_LENGTH);
  return id.replace(/^-|-$/g, '') || 'ZONE';
}

function seatPoints(zone: PretixZone, row: PretixRow): DraftPoint[] {
  return row.seats.map((seat) => ({
    x: zone.position.x + row.position.x + seat.position.x,
    y: zone.position.y + row.position.y + seat.position.y,
  }));
}

function scaled({ x, y }: DraftPoint): DraftPoint {
  return { x: x * CENTIMETRES_PER_PIXEL, y: y * CENTIMETRES_PER_PIXEL };
}
