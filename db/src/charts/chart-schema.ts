import type { Chart } from '@holdfast/db/model';
import { z } from 'zod';
import {
  AREA_POINTS_MAX,
  AREAS_MAX,
  CATEGORIES_MAX,
  CHART_SEATS_MAX,
  CHART_SECTIONS_MAX,
  COORDINATE_MAX,
  LABEL_LENGTH_MAX,
  LEVELS_MAX,
  NAME_LENGTH_MAX,
  PRICE_MAX,
  SECTION_ROWS_MAX,
  SHORT_NAME_LENGTH_MAX,
} from './limits.ts';

/** The shape of a built chart; `chart-rules.ts` holds what a shape cannot say. */

/** `#rrggbb`, lower case. */
export const colourSchema = z.string().regex(/^#[0-9a-f]{6}$/, 'write a colour as #rrggbb');

/** ISO 4217, such as GBP. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'write a currency as GBP or EUR');

const name = z.string().min(1).max(NAME_LENGTH_MAX);
const shortName = z.string().min(1).max(SHORT_NAME_LENGTH_MAX);
const coordinate = z.int().min(0).max(COORDINATE_MAX);
const seatAt = z.int().min(0).max(CHART_SEATS_MAX);
const point = z.strictObject({ x: coordinate, y: coordinate });

const categorySchema = z.strictObject({
  name,
  colour: colourSchema,
  price: z.int().min(0).max(PRICE_MAX),
});

const rowSchema = z.strictObject({
  name: shortName,
  x: z.array(coordinate).min(1).max(CHART_SEATS_MAX),
  y: z.array(coordinate).min(1).max(CHART_SEATS_MAX),
  numbers: z.array(shortName).min(1).max(CHART_SEATS_MAX),
  category: z.union([
    z.int().min(0).max(CATEGORIES_MAX),
    z.array(z.int().min(0).max(CATEGORIES_MAX)).max(CHART_SEATS_MAX),
  ]),
  breaks: z.array(seatAt),
  accessible: z.array(seatAt),
  companion: z.array(seatAt),
  labels: z.array(z.string().min(1).max(LABEL_LENGTH_MAX)).optional(),
});

const sectionSchema = z.strictObject({
  id: shortName,
  name,
  level: z.int().min(0).max(LEVELS_MAX),
  start: seatAt,
  seatCount: z.int().min(1).max(CHART_SEATS_MAX),
  rows: z.array(rowSchema).min(1).max(SECTION_ROWS_MAX),
});

const areaSchema = z.strictObject({
  kind: z.enum(['polygon', 'circle', 'text']),
  points: z.array(point).min(1).max(AREA_POINTS_MAX),
  radius: z.int().min(1).max(COORDINATE_MAX).optional(),
  text: name.optional(),
  colour: colourSchema,
});

export const chartSchema = z.strictObject({
  format: z.literal('holdfast.chart/1'),
  name,
  seatCount: z.int().min(1).max(CHART_SEATS_MAX),
  currency: currencySchema,
  categories: z.array(categorySchema).min(1).max(CATEGORIES_MAX),
  levels: z.array(name).min(1).max(LEVELS_MAX),
  focal: point.nullable(),
  width: coordinate,
  height: coordinate,
  areas: z.array(areaSchema).max(AREAS_MAX),
  sections: z.array(sectionSchema).min(1).max(CHART_SECTIONS_MAX),
});

/** What zod infers, narrowed to the model's type: optional keys are absent, never `undefined`. */
export function asChart(parsed: z.infer<typeof chartSchema>): Chart {
  return {
    ...parsed,
    areas: parsed.areas.map(({ radius, text, ...rest }) => ({
      ...rest,
      ...(radius === undefined ? {} : { radius }),
      ...(text === undefined ? {} : { text }),
    })),
    sections: parsed.sections.map((section) => ({
      ...section,
      rows: section.rows.map(({ labels, ...row }) =>
        labels === undefined ? row : { ...row, labels },
      ),
    })),
  };
}
