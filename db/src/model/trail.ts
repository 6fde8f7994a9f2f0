/** Who caused a transition and what it belongs to; copied into the feed record, never onto the wire. */
export type Trail = {
  readonly actor: ActorKind;
  /** A short code such as `deadline` or `operator`; `[A-Za-z0-9._:-]{0,64}`. */
  readonly reason: string;
  readonly requestId: string;
  /** W3C trace id or ''. */
  readonly traceId: string;
};

export type ActorKind = 'shopper' | 'operator' | 'worker' | 'test';

const TRAIL_TEXT_PATTERN = /^[A-Za-z0-9._:-]{0,64}$/;

/** Whether a text may stand in a trail: no separators, no line breaks, at most 64 characters. */
export function isTrailText(text: string): boolean {
  return TRAIL_TEXT_PATTERN.test(text);
}

/** `actor|reason|requestId|traceId`. Throws `TypeError` where a text could break the record. */
export function encodeTrail(trail: Trail): string {
  for (const text of [trail.reason, trail.requestId, trail.traceId]) {
    if (!isTrailText(text)) throw new TypeError(`not fit for a trail: ${JSON.stringify(text)}`);
  }
  return `${trail.actor}|${trail.reason}|${trail.requestId}|${trail.traceId}`;
}
