/** Headers of this API beyond the standard ones; HTTP does not care about their case. */

/** `<epoch>/<offset>/<chain>` of the state that an answer shows. */
export const POSITION_HEADER = 'Holdfast-Position';
/** Hash of the chart whose sections cut a snapshot into bytes. */
export const CHART_HEADER = 'Holdfast-Chart';
/** Number of seats in a snapshot. */
export const SEAT_COUNT_HEADER = 'Holdfast-Seat-Count';
/** Chosen by the caller (`[A-Za-z0-9._-]{1,64}`) or by the server; stands in logs and feed records. */
export const REQUEST_ID_HEADER = 'X-Request-Id';
/** Names one intended change: sent again with the same body it is answered, not repeated. */
export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';

/** What is left of a budget of requests, and its size (IETF draft "RateLimit header fields for HTTP"). */
export const RATE_LIMIT_HEADER = 'RateLimit';
export const RATE_LIMIT_POLICY_HEADER = 'RateLimit-Policy';

/** Media type of `GET /v1/events/{event}/seats`. */
export const SEATS_MEDIA_TYPE = 'application/vnd.holdfast.seats';
/** Media type of every refusal (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
