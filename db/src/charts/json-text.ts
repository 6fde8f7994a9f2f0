import { ChartError } from './chart-error.ts';
import { PLAN_BYTES_MAX, PLAN_DEPTH_MAX } from './limits.ts';

/**
 * JSON from a stranger: size and nesting are judged before it is parsed. Throws `ChartError` and
 * says where the text stops being JSON.
 */
export function parseJsonText(text: string): unknown {
  if (text.length > PLAN_BYTES_MAX) throw tooLarge(text.length);
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? ` (${cause.message.split('\n')[0] ?? ''})` : '';
    const message = `this is not JSON${detail}; export the plan again, or check it with a JSON editor`;
    throw new ChartError('chart.json', '', message, { cause });
  }
}

export function tooLarge(bytes: number): ChartError {
  const megabytes = (count: number): string => `${Math.ceil(count / (1024 * 1024))} MB`;
  const message = `the plan has ${megabytes(bytes)}, the most is ${megabytes(PLAN_BYTES_MAX)}; split the venue into several plans`;
  return new ChartError('chart.too-large', '', message);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{` differ in one bit, and so do `]` and `}`. */
const CASE_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if ((code | CASE_BIT) === OPENING) depth += 1;
    else if ((code | CASE_BIT) === CLOSING) depth -= 1;
    if (depth > PLAN_DEPTH_MAX) {
      const message = `brackets are nested deeper than ${PLAN_DEPTH_MAX}; a seating plan needs about ten`;
      throw new ChartError('chart.limit', '', message);
    }
  }
}
