import { z } from 'zod';
import { saleStateField, seatLabelField, seatStateField } from './fields.ts';
import { holdSchema } from './hold.ts';
import { PROBLEM_CODES } from './problem-codes.ts';

/**
 * A refusal: RFC 9457 problem details with our own members. `type` is `urn:holdfast:problem:<code>`,
 * `instance` is `urn:holdfast:request:<request id>`, the id that stands in the logs.
 */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  instance: z.string(),
  code: z.enum(PROBLEM_CODES),
  next: z.enum(['fix', 'refresh', 'retry', 'sign-in', 'stop']),
  advice: z.string(),
  /** What is wrong where: `path` as in `seats[3]`, or a header's name. */
  errors: z.array(z.strictObject({ path: z.string(), detail: z.string() })).optional(),
  /** Seats in the way; `mine`: by a hold or booking of the caller. */
  seats: z
    .array(z.strictObject({ label: seatLabelField, state: seatStateField, mine: z.boolean() }))
    .optional(),
  /** The caller's hold as it is now. */
  hold: holdSchema.optional(),
  sale: saleStateField.optional(),
  /** Seats that a hold of the caller may have now. */
  mostSeats: z.int().min(0).optional(),
  retryAfterMs: z.int().min(0).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Places named in `errors` at most; a hostile body must not buy a long answer. */
export const PROBLEM_ERRORS_MAX = 20;
