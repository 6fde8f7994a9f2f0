import { type Decoded, isEpoch, readable, readCount, unreadable } from './decoded.ts';
import { decodeScope, encodeScope, type Scope } from './frame.ts';
import { MESSAGE_CHARS_MAX, SECTIONS_MAX } from './limits.ts';

/**
 * A beat follows a flush every few seconds and lets a viewer check itself: nothing in `scope`
 * changed between `lastFrame` and `hubOffset`, and this is the digest of each section there. It
 * finds what no gap can show: a lost last frame (mine < lastFrame) and a map that went wrong.
 *
 * Text: `scope|epoch|hubOffset|lastFrame|digests`; digests in base 36, joined by commas, of all
 * sections in order for the scope `*`, of the one section otherwise.
 */
export type Beat = {
  readonly scope: Scope;
  readonly epoch: string;
  readonly hubOffset: number;
  readonly lastFrame: number;
  readonly digests: readonly number[];
};

const FIELDS = 5;
const RADIX = 36;
const DIGEST_PATTERN = /^[0-9a-z]{1,7}$/;
const DIGEST_END = 2 ** 32;

export function encodeBeat(beat: Beat): string {
  const digests = beat.digests.map((digest) => digest.toString(RADIX)).join(',');
  const scope = encodeScope(beat.scope);
  return `${scope}|${beat.epoch}|${beat.hubOffset}|${beat.lastFrame}|${digests}`;
}

export function decodeBeat(text: unknown): Decoded<Beat> {
  if (typeof text !== 'string' || text.length > MESSAGE_CHARS_MAX) return unreadable('no beat');
  const fields = text.split('|', FIELDS + 1);
  if (fields.length !== FIELDS) return unreadable(`a beat has ${FIELDS} fields`);
  const scope = decodeScope(fields[0]);
  const epoch = fields[1];
  const hubOffset = readCount(fields[2]);
  const lastFrame = readCount(fields[3], Math.max(hubOffset, 0));
  if (scope === null || !isEpoch(epoch)) return unreadable('scope or epoch of the beat');
  if (hubOffset < 0 || lastFrame < 0) return unreadable('offsets of the beat');
  const digests = decodeDigests(fields[4] ?? '');
  if (digests === null) return unreadable('digests of the beat');
  if (scope !== 'all' && digests.length !== 1) return unreadable('one section has one digest');
  return readable({ scope, epoch, hubOffset, lastFrame, digests });
}

function decodeDigests(text: string): number[] | null {
  const texts = text.split(',', SECTIONS_MAX + 1);
  if (texts.length > SECTIONS_MAX) return null;
  const digests: number[] = [];
  for (const digit of texts) {
    const digest = DIGEST_PATTERN.test(digit) ? Number.parseInt(digit, RADIX) : DIGEST_END;
    if (digest >= DIGEST_END) return null;
    digests.push(digest);
  }
  return digests;
}
