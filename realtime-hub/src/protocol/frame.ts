import { type Decoded, isEpoch, readable, readCount, unreadable } from './decoded.ts';
import { MESSAGE_CHARS_MAX, SECTIONS_MAX } from './limits.ts';
import type { SeatPayload } from './seat-payload.ts';

/**
 * A frame says: in the sections of `scope`, these are the states at `offset` of every seat that
 * was touched after `prev`. Sections of the scope without a part were not touched.
 *
 * One ASCII string, `scope|epoch|prev|offset|parts`, because Socket.IO shares one ready WebSocket
 * frame among all viewers only for a packet that is a single string. scope is `*` or a section
 * number; a part is `<section>:<changes>` or `<section>~<full>`, parts are joined by commas.
 */
export type Frame = {
  readonly scope: Scope;
  readonly epoch: string;
  readonly prev: number;
  readonly offset: number;
  readonly parts: readonly FramePart[];
};

export type Scope = 'all' | number;
export type FramePart = SeatPayload & { readonly section: number };

const FIELDS = 5;
const PART_PATTERN = /^([0-9]{1,4})([:~])([A-Za-z0-9_-]*)$/;

export function encodeFrame(frame: Frame): string {
  const head = `${encodeScope(frame.scope)}|${frame.epoch}|${frame.prev}|${frame.offset}|`;
  let parts = '';
  for (const part of frame.parts) {
    const mark = part.kind === 'full' ? '~' : ':';
    parts += `${parts === '' ? '' : ','}${part.section}${mark}${part.payload}`;
  }
  return head + parts;
}

/** Reads the envelope; payloads stay text until a viewer knows that it wants them. */
export function decodeFrame(text: unknown): Decoded<Frame> {
  if (typeof text !== 'string' || text.length > MESSAGE_CHARS_MAX) return unreadable('no frame');
  const fields = text.split('|', FIELDS + 1);
  if (fields.length !== FIELDS) return unreadable(`a frame has ${FIELDS} fields`);
  const scope = decodeScope(fields[0]);
  const epoch = fields[1];
  const prev = readCount(fields[2]);
  const offset = readCount(fields[3]);
  if (scope === null || !isEpoch(epoch)) return unreadable('scope or epoch of the frame');
  if (prev < 0 || offset <= prev) return unreadable('offsets of the frame');
  const parts = decodeParts(fields[4] ?? '');
  if (parts === null) return unreadable('parts of the frame');
  return readable({ scope, epoch, prev, offset, parts });
}

export function encodeScope(scope: Scope): string {
  return scope === 'all' ? '*' : `${scope}`;
}

export function decodeScope(text: string | undefined): Scope | null {
  if (text === '*') return 'all';
  const section = readCount(text, SECTIONS_MAX - 1);
  return section < 0 ? null : section;
}

function decodeParts(text: string): FramePart[] | null {
  if (text === '') return [];
  const texts = text.split(',', SECTIONS_MAX + 1);
  if (texts.length > SECTIONS_MAX) return null;
  const parts: FramePart[] = [];
  for (const part of texts) {
    const match = PART_PATTERN.exec(part);
    const section = readCount(match?.[1], SECTIONS_MAX - 1);
    if (match === null || section < 0) return null;
    const kind = match[2] === '~' ? 'full' : 'changes';
    parts.push({ section, kind, payload: match[3] ?? '' });
  }
  return parts;
}
