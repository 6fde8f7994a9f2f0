import {
  DEFAULT_POLICY,
  type EventDocument,
  type EventId,
  type FeedEntry,
  isEventId,
  LINE_PATTERN,
  POLICY_BOUNDS,
} from '@holdfast/db/model';
import { z } from 'zod';
import { CHART_HASH_PATTERN } from '../charts/chart-text.ts';
import { CHART_SEATS_MAX, NAME_LENGTH_MAX } from '../charts/limits.ts';
import { CatalogueError, type CatalogueErrorCode } from './catalogue.ts';

/** The documents of the catalogue as schemas: what goes in and what comes out passes through here. */

const FEED_LINE_LENGTH_MAX = 1_000_000;

const bounded = ([least, most]: readonly [number, number]): z.ZodInt =>
  z.int().min(least).max(most);

const policySchema = z.strictObject({
  holdTtlMs: bounded(POLICY_BOUNDS.holdTtlMs),
  extendMs: bounded(POLICY_BOUNDS.extendMs),
  maxExtensions: bounded(POLICY_BOUNDS.maxExtensions),
  maxTotalMs: bounded(POLICY_BOUNDS.maxTotalMs),
  maxSeats: bounded(POLICY_BOUNDS.maxSeats),
  // Events that were stored before there were budgets have the usual ones.
  ownerBudgetMs: bounded(POLICY_BOUNDS.ownerBudgetMs).default(DEFAULT_POLICY.ownerBudgetMs),
  addressBudgetMs: bounded(POLICY_BOUNDS.addressBudgetMs).default(DEFAULT_POLICY.addressBudgetMs),
  budgetRefillMs: bounded(POLICY_BOUNDS.budgetRefillMs).default(DEFAULT_POLICY.budgetRefillMs),
});

const nameSchema = z.string().min(1).max(NAME_LENGTH_MAX).regex(LINE_PATTERN);

export const eventDocumentSchema: z.ZodType<EventDocument> = z.strictObject({
  id: z.custom<EventId>((value) => typeof value === 'string' && isEventId(value)),
  name: nameSchema,
  venue: nameSchema,
  startsAt: z.iso.datetime(),
  chartHash: z.string().regex(CHART_HASH_PATTERN),
  seatCount: z.int().min(1).max(CHART_SEATS_MAX),
  sale: z.enum(['draft', 'open', 'paused', 'closed']),
  policy: policySchema,
  version: z.int().min(1),
});

/** Seat indexes of an event. */
export const seatsSchema = z
  .array(
    z
      .int()
      .min(0)
      .max(CHART_SEATS_MAX - 1),
  )
  .max(CHART_SEATS_MAX);

/** Microseconds of the epoch's birth. */
export const epochSchema = z.string().regex(/^[0-9]{1,20}$/);

const chain = z.string().regex(/^[0-9a-f]{16}$/);

/** A run of the feed, offsets ascending, at least one entry. */
export const feedRunSchema: z.ZodType<FeedEntry[]> = z
  .array(
    z.strictObject({
      offset: z.int().min(0),
      prev: chain,
      chain,
      line: z.string().max(FEED_LINE_LENGTH_MAX),
    }),
  )
  .min(1)
  .refine(
    (run) => run.every((entry, at) => at === 0 || entry.offset > (run[at - 1]?.offset ?? 0)),
    {
      message: 'offsets must grow',
    },
  );

/** Checks a document on its way in; a breach is the caller's fault and stores nothing. */
export function checkInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  return check(schema, value, 'catalogue.invalid', `${what} is not fit to be stored`);
}

/** Parses a stored document on its way out; a breach means that the store was tampered with. */
export function parseStored<T>(schema: z.ZodType<T>, text: unknown, what: string): T {
  const broken = `${what} in the catalogue is damaged; restore the file from a backup`;
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch (cause) {
    throw new CatalogueError('catalogue.corrupt', broken, { cause });
  }
  return check(schema, value, 'catalogue.corrupt', broken);
}

function check<T>(
  schema: z.ZodType<T>,
  value: unknown,
  code: CatalogueErrorCode,
  message: string,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw new CatalogueError(code, `${message}${where}`, { cause: parsed.error });
}
