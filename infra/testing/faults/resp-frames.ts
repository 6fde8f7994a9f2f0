/**
 * Cuts a stream of the Redis protocol (RESP2 and RESP3) into whole frames, so that a fault can be
 * put on one certain reply. https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

const CR = 13;
const LINE_END = '\r\n';

/** Bytes as they come; whole frames are taken out in order, the rest waits. */
export class RespFrames {
  #bytes: Buffer = Buffer.alloc(0);

  /** Gives the frames that are whole now. */
  take(chunk: Buffer): Buffer[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const frames: Buffer[] = [];
    let from = 0;
    for (;;) {
      const end = frameEnd(this.#bytes, from);
      if (end < 0) break;
      frames.push(this.#bytes.subarray(from, end));
      from = end;
    }
    this.#bytes = this.#bytes.subarray(from);
    return frames;
  }
}

/** A server's message that answers no command: a subscription's, or an invalidation. */
export function isPush(frame: Buffer): boolean {
  return frame[0] === '>'.charCodeAt(0);
}

/** The command's name, in capitals; '' for what is no command. */
export function commandOf(frame: Buffer): string {
  const [, , name = ''] = frame.toString('latin1', 0, 64).split(LINE_END);
  return name.toUpperCase();
}

/** Where the frame that begins at `from` ends, or -1 if it is not whole yet. */
function frameEnd(bytes: Buffer, from: number): number {
  const lineEnd = endOfLine(bytes, from);
  if (lineEnd < 0) return -1;
  const kind = String.fromCharCode(bytes[from] ?? 0);
  const count = Number(bytes.toString('latin1', from + 1, lineEnd - LINE_END.length));
  switch (kind) {
    case '$':
    case '=':
    case '!':
      return endOfText(bytes, lineEnd, count);
    case '*':
    case '~':
    case '>':
      return endOfMany(bytes, lineEnd, count);
    case '%':
      return endOfMany(bytes, lineEnd, 2 * count);
    default:
      // A line of its own: simple string, error, number, null, boolean, or an inline command.
      return lineEnd;
  }
}

function endOfLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(CR, from);
  return at < 0 || at + 1 >= bytes.length ? -1 : at + LINE_END.length;
}

function endOfText(bytes: Buffer, from: number, length: number): number {
  if (length < 0) return from;
  const end = from + length + LINE_END.length;
  return end <= bytes.length ? end : -1;
}

function endOfMany(bytes: Buffer, from: number, count: number): number {
  let at = from;
  for (let member = 0; member < count; member += 1) {
    at = frameEnd(bytes, at);
    if (at < 0) return -1;
  }
  return at;
}
