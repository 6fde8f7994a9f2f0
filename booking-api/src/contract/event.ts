import { completePolicy, wrongPolicyField } from '@holdfast/db/model';
import { z } from 'zod';
import { chartSchema } from './chart.ts';
import {
  chartHashField,
  eventIdField,
  instantField,
  nameField,
  policySchema,
  saleStateField,
} from './fields.ts';

/** An event as everybody sees it. Its ETag is `version`. */
export const eventSchema = z.strictObject({
  id: eventIdField,
  name: nameField,
  venue: nameField,
  startsAt: instantField,
  chartHash: chartHashField,
  seatCount: z.int().min(1),
  sale: saleStateField,
  policy: policySchema,
  version: z.int().min(1),
});
export type Event = z.infer<typeof eventSchema>;

export const eventListSchema = z.strictObject({ events: z.array(eventSchema) });
export type EventList = z.infer<typeof eventListSchema>;

/** What is left out is the default; the whole must fit together. */
const policyChangesSchema = policySchema
  .partial()
  .refine((changes) => wrongPolicyField(completePolicy(changes)) === null, {
    message: 'maxTotalMs must be at least holdTtlMs; what is left out is the default',
    path: ['maxTotalMs'],
  });

/** A new event starts as a draft, either with a chart of its own or with one that is stored already. */
export const createEventSchema = z
  .strictObject({
    id: eventIdField,
    name: nameField,
    venue: nameField,
    startsAt: instantField,
    chartHash: chartHashField.optional(),
    chart: chartSchema.optional(),
    policy: policyChangesSchema.optional(),
  })
  .refine((body) => (body.chart === undefined) !== (body.chartHash === undefined), {
    message: 'give either chart or chartHash',
    path: ['chart'],
  });
export type CreateEvent = z.infer<typeof createEventSchema>;
