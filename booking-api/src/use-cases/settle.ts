import { StoreUnavailableError, StoreUnsettledError } from '@holdfast/db/model';

/** A reply, or the knowledge that there is none although the command may have run. */
export type Settled<Reply> = { readonly reply: Reply } | { readonly reply: null };

/**
 * Sends a command and, when its reply was lost, sends it once more: by its ids the machine knows
 * what it did already. Without a reply again the caller is told "pending", never "refused" (I5).
 */
export async function settle<Reply>(send: () => Promise<Reply>): Promise<Settled<Reply>> {
  try {
    return { reply: await send() };
  } catch (error) {
    if (!(error instanceof StoreUnsettledError)) throw error;
  }
  try {
    return { reply: await send() };
  } catch (error) {
    // "Certainly did not run" is true of the second sending only; the first is still open.
    if (error instanceof StoreUnsettledError || error instanceof StoreUnavailableError) {
      return { reply: null };
    }
    throw error;
  }
}
