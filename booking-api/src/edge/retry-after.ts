const SECOND_MS = 1_000;

/** `Retry-After` in whole seconds, never too early (RFC 9110 section 10.2.3). */
export function retryAfter(ms: number): string {
  return `${Math.ceil(ms / SECOND_MS)}`;
}
