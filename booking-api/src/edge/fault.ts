import { CatalogueError } from '@holdfast/db/catalogue';
import { StoreUnavailableError, StoreUnsettledError } from '@holdfast/db/model';
import { RETRY_SOON_MS, type Refusal, refuse } from './refusal.ts';

/**
 * What is told of an error that was thrown. Nothing of the error itself is passed on: its text may
 * name servers, keys or people. It is logged with the request id that the problem carries.
 */
export function refusalOfError(error: unknown): Refusal {
  if (error instanceof StoreUnavailableError) return unreachable();
  // Changes that may have been made are 202 long before this (`settle.ts`); what comes here unsettled
  // was a question, or an expiry that is due in any case.
  if (error instanceof StoreUnsettledError) return unreachable();
  if (error instanceof CatalogueError) {
    const passes = error.code === 'catalogue.busy' || error.code === 'catalogue.unavailable';
    if (passes) return unreachable();
  }
  switch (statusOf(error)) {
    case 400:
      return refuse('request.malformed', 'The body could not be read as JSON.');
    case 413:
      return refuse('request.too-large', 'The body is larger than this address takes.');
    case 415:
      return refuse('request.media-type', 'The body must be application/json.');
    default:
      return refuse('server.fault', 'The request could not be finished.');
  }
}

function unreachable(): Refusal {
  return refuse('store.unavailable', 'The request was not carried out.', {
    retryAfterMs: RETRY_SOON_MS,
  });
}

/** The status that body parser and router give to what the caller did wrong. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('status' in error)) return 500;
  return typeof error.status === 'number' ? error.status : 500;
}
