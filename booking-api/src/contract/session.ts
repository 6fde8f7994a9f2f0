import { z } from 'zod';
import { instantField, ownerIdField } from './fields.ts';

/** A fresh anonymous shopper. The token is a secret; `owner` is not shown to anybody else. */
export const sessionSchema = z.strictObject({
  token: z.string(),
  owner: ownerIdField,
  expiresAt: instantField,
});
export type Session = z.infer<typeof sessionSchema>;

/** Nothing is asked of a shopper; a body may be left out. */
export const createSessionSchema = z.strictObject({}).optional();
