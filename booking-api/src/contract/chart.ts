import type { Chart } from '@holdfast/db/model';
import { z } from 'zod';
import { amountField, currencyField, lineField, seatLabelField } from './fields.ts';
import { NAME_LENGTH_MAX } from './limits.ts';

/**
 * The shape of a built chart (see `Chart` in the model). Whether its indexes, ranges and labels
 * agree with each other is judged once, where charts are parsed.
 */
const CENTIMETRES_MAX = 1_000_000;
const LISTED_MAX = 200_000;

const coordinate = z.number().min(-CENTIMETRES_MAX).max(CENTIMETRES_MAX);
const pointSchema = z.strictObject({ x: coordinate, y: coordinate });
const place = z.int().min(0).max(LISTED_MAX);
const colour = z.string().regex(/^#[0-9a-f]{6}$/i);

const rowSchema = z.strictObject({
  name: lineField,
  x: z.array(coordinate).max(LISTED_MAX),
  y: z.array(coordinate).max(LISTED_MAX),
  numbers: z.array(lineField).max(LISTED_MAX),
  category: z.union([place, z.array(place).max(LISTED_MAX)]),
  breaks: z.array(place).max(LISTED_MAX),
  accessible: z.array(place).max(LISTED_MAX),
  companion: z.array(place).max(LISTED_MAX),
  labels: z.array(seatLabelField).max(LISTED_MAX).exactOptional(),
});

const sectionSchema = z.strictObject({
  id: lineField,
  name: lineField,
  level: place,
  start: place,
  seatCount: place,
  rows: z.array(rowSchema).max(LISTED_MAX),
});

const areaSchema = z.strictObject({
  kind: z.enum(['polygon', 'circle', 'text']),
  points: z.array(pointSchema).max(LISTED_MAX),
  radius: z.number().min(0).max(CENTIMETRES_MAX).exactOptional(),
  text: z.string().max(NAME_LENGTH_MAX).exactOptional(),
  colour,
});

export const chartSchema: z.ZodType<Chart, Chart> = z.strictObject({
  format: z.literal('holdfast.chart/1'),
  name: lineField,
  seatCount: z.int().min(1).max(LISTED_MAX),
  currency: currencyField,
  categories: z.array(z.strictObject({ name: lineField, colour, price: amountField })).max(256),
  levels: z.array(lineField).max(64),
  focal: pointSchema.nullable(),
  width: coordinate,
  height: coordinate,
  areas: z.array(areaSchema).max(LISTED_MAX),
  sections: z.array(sectionSchema).min(1).max(LISTED_MAX),
});
