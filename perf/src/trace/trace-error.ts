/** Why there is nothing to print, in one sentence with advice. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly code:
    | 'trace.not-running'
    | 'trace.unknown-event'
    | 'trace.unknown-seat'
    | 'trace.nothing';

  constructor(code: TraceError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
