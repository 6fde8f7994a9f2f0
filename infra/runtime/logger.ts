import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

/**
 * Fields that may carry secrets or personal data. They are removed wherever they stand at the top
 * or one level down; what must be told apart in a log is told by request id.
 */
const PRIVATE_FIELDS = [
  'token',
  'authorization',
  'cookie',
  'password',
  'secret',
  'email',
  'address',
  'ip',
  'remoteAddress',
  'owner',
  'subject',
  'userAgent',
  'headers',
  'body',
] as const;

const CAUSES_MAX = 5;

/** JSON lines on standard output. Errors keep message, code, stack and causes, and nothing else. */
export function createLogger(
  service: string,
  level: LogLevel,
  destination?: DestinationStream,
): Logger {
  const settings = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: PRIVATE_FIELDS.flatMap((field) => [field, `*.${field}`]),
      censor: '[removed]',
    },
    serializers: { err: describeError, error: describeError },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}

/**
 * Plain fields of an error. Libraries hang whole commands, requests and arguments on their errors;
 * those may name people and are left out.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...(error.cause !== undefined && depth < CAUSES_MAX
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}
