import { z } from 'zod';
import {
  AREA_POINTS_MAX,
  AREAS_MAX,
  CATEGORIES_MAX,
  CHART_SEATS_MAX,
  CHART_SECTIONS_MAX,
  COORDINATE_MAX,
  LABEL_LENGTH_MAX,
  SECTION_ROWS_MAX,
} from '../limits.ts';

/**
 * The public seating plan format of pretix: zones with rows with seats, positions in pixels, each
 * relative to what it is inside of. Written after pretix's published JSON schema, but looser, since
 * real files are: numbers may stand where texts belong, and further keys are passed over
 * (`unused-keys.ts` tells of them).
 */

const TEXT_LENGTH_MAX = 1_000;

const text = z
  .union([z.string().max(TEXT_LENGTH_MAX), z.number().transform(String)])
  .nullish()
  .transform((value) => (value ?? '').trim());
const coordinate = z.number().min(-COORDINATE_MAX).max(COORDINATE_MAX);
const size = z.number().min(0).max(COORDINATE_MAX);
const position = z.object({ x: coordinate, y: coordinate });
const origin = position.nullish().transform((value) => value ?? { x: 0, y: 0 });

const seatSchema = z.object({
  seat_guid: z
    .union([z.string(), z.number().transform(String)])
    .pipe(z.string().min(1).max(LABEL_LENGTH_MAX)),
  seat_number: text,
  position,
  category: text,
});

const rowSchema = z.object({
  row_number: text,
  position: origin,
  seats: z.array(seatSchema).max(CHART_SEATS_MAX),
});

const areaSchema = z.object({
  shape: z.string().nullish(),
  color: text,
  rotation: coordinate.nullish().transform((value) => value ?? 0),
  position: origin,
  polygon: z.object({ points: z.array(position).max(AREA_POINTS_MAX) }).nullish(),
  rectangle: z.object({ width: size, height: size }).nullish(),
  ellipse: z.object({ radius: z.object({ x: size, y: size }) }).nullish(),
  circle: z.object({ radius: size }).nullish(),
  /** A text of its own in the first version of the format, an object since. */
  text: z
    .union([z.string(), z.object({ text, color: text, position: origin })])
    .nullish()
    .transform((value) =>
      typeof value === 'string'
        ? { text: value.trim(), color: '', position: { x: 0, y: 0 } }
        : (value ?? null),
    ),
  /** The first version of the format knew rectangles only. */
  width: size.nullish(),
  height: size.nullish(),
});

const zoneSchema = z.object({
  name: text,
  position: origin,
  rows: z.array(rowSchema).max(SECTION_ROWS_MAX),
  areas: z
    .array(areaSchema)
    .max(AREAS_MAX)
    .nullish()
    .transform((value) => value ?? []),
});

export const pretixSchema = z.object({
  name: text,
  categories: z.array(z.object({ name: text, color: text })).max(CATEGORIES_MAX),
  zones: z.array(zoneSchema).max(CHART_SECTIONS_MAX),
});

export type PretixPlan = z.infer<typeof pretixSchema>;
export type PretixZone = PretixPlan['zones'][number];
export type PretixRow = PretixZone['rows'][number];
export type PretixArea = PretixZone['areas'][number];
