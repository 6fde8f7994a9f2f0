import { z } from 'zod';
import { colourSchema, currencySchema } from '../chart-schema.ts';
import {
  AREA_POINTS_MAX,
  AREAS_MAX,
  CATEGORIES_MAX,
  CHART_SEATS_MAX,
  CHART_SECTIONS_MAX,
  COORDINATE_MAX,
  LEVELS_MAX,
  NAME_LENGTH_MAX,
  SECTION_ROWS_MAX,
  SHORT_NAME_LENGTH_MAX,
} from '../limits.ts';

/**
 * Holdfast's own plan format, `holdfast.plan/1`: a venue as its architect would say it, in rows and
 * arcs rather than seat by seat. All lengths are centimetres; x grows to the right, y downwards.
 *
 * Directions are degrees round a point: 0 is down the page, 90 to the right, so that people in a
 * block at 0 degrees look up the page, to a stage at the top. "Left" and "right" in a row are theirs.
 *
 * A section is made of blocks, a block of rows that follow each other outwards, away from the focal
 * point. A `straight` block is `width` wide (its rows grow by `widthStep`); an `arc` block fills the
 * angles `from` to `to` round `centre`. A row is filled with as many seats as fit between its ends and
 * `aisles` (degrees in an arc, centimetres from the middle in a straight block), or has exactly the
 * `seats` that are listed: `"8+14+8"` is three runs with aisles between, one text for all rows or one
 * a row. Neighbours across an aisle are not adjacent.
 */

const ABOUT_LENGTH_MAX = 4_000;
const RUNS_PATTERN = /^[0-9]{1,4}(\+[0-9]{1,4}){0,20}$/;
const AISLES_MAX = 20;
const BLOCKS_MAX = 200;
const LENGTH_MIN = 10;
const TURN = 360;

const name = z.string().min(1).max(NAME_LENGTH_MAX);
const shortName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._ ]*$/, 'use letters, digits, . and _');
const coordinate = z.number().min(-COORDINATE_MAX).max(COORDINATE_MAX);
const length = z.number().min(LENGTH_MIN).max(COORDINATE_MAX);
const gap = z.number().min(0).max(COORDINATE_MAX);
const degrees = z.number().min(-TURN).max(TURN);
const point = z.strictObject({ x: coordinate, y: coordinate });
const runs = z.string().regex(RUNS_PATTERN, 'write runs of seats as "12" or "8+14+8"');

/** A, B, C ... Z, AA, AB ... or 1, 2, 3 ..., leaving out the letters of `skip`. */
const rowNames = z.strictObject({
  first: z.string().regex(/^([A-Z]{1,2}|[0-9]{1,4})$/, 'start with letters (A) or a number (1)'),
  skip: z
    .string()
    .regex(/^[A-Z]{0,20}$/)
    .default(''),
});

/** `left` and `right` count from that end, `split` gives odd numbers to the left half, even to the right. */
const seatNumbers = z.strictObject({
  from: z.enum(['left', 'right', 'split']).default('left'),
  first: z.int().min(0).max(10_000).default(1),
  step: z.int().min(1).max(10).default(1),
});

const blockFields = {
  rows: z.int().min(1).max(SECTION_ROWS_MAX),
  rowNames: rowNames.default({ first: 'A', skip: '' }),
  numbers: seatNumbers.default({ from: 'left', first: 1, step: 1 }),
  category: name.optional(),
  seatSpacing: length.optional(),
  rowSpacing: length.optional(),
  aisleWidth: gap.optional(),
  /** Kept free at both ends of every row: half of the aisle to the next section. */
  margin: gap.default(0),
  aisles: z.array(z.number().min(-COORDINATE_MAX).max(COORDINATE_MAX)).max(AISLES_MAX).default([]),
  seats: z.union([runs, z.array(runs).max(SECTION_ROWS_MAX)]).optional(),
};

const straightBlock = z.strictObject({
  kind: z.literal('straight'),
  /** Middle of the first row. */
  at: point,
  facing: degrees,
  width: length.optional(),
  widthStep: z.number().min(-COORDINATE_MAX).max(COORDINATE_MAX).default(0),
  ...blockFields,
});

const arcBlock = z.strictObject({
  kind: z.literal('arc'),
  centre: point,
  /** Of the first row. */
  radius: length,
  from: degrees,
  to: degrees,
  ...blockFields,
});

const numberList = z.array(z.string().min(1).max(SHORT_NAME_LENGTH_MAX)).max(CHART_SEATS_MAX);

const sectionSchema = z.strictObject({
  id: shortName.min(1).max(SHORT_NAME_LENGTH_MAX),
  name: name.optional(),
  level: name,
  category: name,
  blocks: z
    .array(z.discriminatedUnion('kind', [straightBlock, arcBlock]))
    .min(1)
    .max(BLOCKS_MAX),
  /** Wheelchair places, and the seats beside them for those who come along. */
  accessible: z
    .array(
      z.strictObject({ row: shortName, numbers: numberList, companions: numberList.default([]) }),
    )
    .max(SECTION_ROWS_MAX)
    .default([]),
});

const areaSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('polygon'),
    points: z.array(point).min(3).max(AREA_POINTS_MAX),
    colour: colourSchema,
  }),
  /** A box round its middle, with rounded corners where `corner` is not 0. */
  z.strictObject({
    kind: z.literal('box'),
    at: point,
    width: length,
    height: length,
    corner: gap.default(0),
    colour: colourSchema,
  }),
  z.strictObject({
    kind: z.literal('circle'),
    at: point,
    radius: length,
    colour: colourSchema,
  }),
  z.strictObject({ kind: z.literal('text'), at: point, text: name, colour: colourSchema }),
]);

export const planSchema = z.strictObject({
  format: z.literal('holdfast.plan/1'),
  name,
  /** The building, the public facts the plan was drawn from, and how close it comes. */
  about: z.string().max(ABOUT_LENGTH_MAX).default(''),
  currency: currencySchema,
  seatSpacing: length.default(52),
  rowSpacing: length.default(85),
  aisleWidth: gap.default(120),
  categories: z
    .array(z.strictObject({ name, colour: colourSchema, price: z.string().max(20) }))
    .min(1)
    .max(CATEGORIES_MAX),
  levels: z.array(name).min(1).max(LEVELS_MAX),
  focal: point.nullable().default(null),
  areas: z.array(areaSchema).max(AREAS_MAX).default([]),
  sections: z.array(sectionSchema).min(1).max(CHART_SECTIONS_MAX),
});

export type Plan = z.infer<typeof planSchema>;
export type PlanSection = Plan['sections'][number];
export type PlanBlock = PlanSection['blocks'][number];
export type PlanArea = Plan['areas'][number];
