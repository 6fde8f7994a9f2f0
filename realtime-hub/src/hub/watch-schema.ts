import { HOLD_ID_PATTERN, type HoldId } from '@holdfast/db/model';
import { z } from 'zod';
import { OFFSETS_MAX, SECTIONS_MAX } from '../protocol/limits.ts';
import type { WatchRequest } from '../protocol/watch-request.ts';

const section = z
  .int()
  .min(0)
  .max(SECTIONS_MAX - 1);
// The pattern is what makes a string a hold id.
const hold = z.string().regex(HOLD_ID_PATTERN) as unknown as z.ZodType<HoldId>;
const offset = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What `watch` may ask (`protocol/watch-request.ts`): bounded lists, each section once, no more keys. */
export const watchSchema: z.ZodType<WatchRequest> = z
  .strictObject({
    sections: z.union([z.literal('all'), z.array(section).max(SECTIONS_MAX)]),
    epoch: z.exactOptional(z.string().regex(/^[0-9]{1,20}$/)),
    offsets: z.exactOptional(z.array(z.tuple([section, offset])).max(OFFSETS_MAX)),
    hold: z.exactOptional(hold),
  })
  .refine(({ sections }) => sections === 'all' || new Set(sections).size === sections.length);
