import { BLOCK_SEATS_MAX, SEATS_PER_HOLD_MAX } from '@holdfast/db/model';

/** Sizes that the HTTP edge refuses before anything else looks at a request. */

/** Seats that one shopper's request may name. */
export const SEATS_PER_REQUEST_MAX = SEATS_PER_HOLD_MAX;
/** Seats that one operator's block or unblock may name. */
export const SEATS_PER_BLOCK_MAX = BLOCK_SEATS_MAX;
/** Characters of a seat label; imported plans carry their own. */
export const SEAT_LABEL_LENGTH_MAX = 128;
/** Characters of an `Idempotency-Key`. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
/** Characters of names that people read. */
export const NAME_LENGTH_MAX = 200;
/** Characters of an instant: down to the nanosecond, as in `2027-06-01T19:30:00.000000000Z`. */
export const INSTANT_LENGTH_MAX = 30;

const KIB = 1_024;
const JSON_BYTES_PER_LABEL = 3; // two quotes and a comma

/** A shopper's body. */
export const BODY_BYTES_MAX = 16 * KIB;
/** An operator's list of seats. */
export const BLOCK_BODY_BYTES_MAX =
  SEATS_PER_BLOCK_MAX * (SEAT_LABEL_LENGTH_MAX + JSON_BYTES_PER_LABEL) + KIB;
/** An operator's chart: a stadium of 70,000 seats needs about a tenth of it. */
export const CHART_BODY_BYTES_MAX = 16 * KIB * KIB;
