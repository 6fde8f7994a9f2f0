import { EVENT_ID_PATTERN, isEventId } from '@holdfast/db/model';
import { z } from 'zod';
import { TOKEN_CHARS_MAX } from '../protocol/limits.ts';

/** What Socket.IO's `auth` must be (`protocol/handshake.ts`); nothing more may stand in it. */
export const handshakeSchema = z.strictObject({
  token: z.string().max(TOKEN_CHARS_MAX),
  event: z.string().regex(EVENT_ID_PATTERN).refine(isEventId),
  protocol: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
});
