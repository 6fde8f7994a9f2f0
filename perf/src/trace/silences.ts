import type { FoundLines, WantedLines } from './read-logs.ts';

/**
 * Says which steps the logs did not tell and how to have them next time, so that a missing step is
 * not taken for one that did not happen. Empty when every request and a frame of every transition
 * was found.
 */
export function silencesOf(
  { requestIds, offsets }: WantedLines,
  { requests, frames }: FoundLines,
): string[] {
  const answered = new Set(requests.map(({ requestId }) => requestId));
  const untold = [...requestIds].filter((id) => !answered.has(id));
  const unseen = offsets.filter(
    (offset) => !frames.some((frame) => frame.prev < offset && offset <= frame.offset),
  );
  const missing = [
    ...(untold.length === 0
      ? []
      : [`when ${untold.length} of ${requestIds.size} requests came and were answered`]),
    ...(unseen.length === 0
      ? []
      : [
          `when frames with ${unseen.length} of ${offsets.length} transitions left for the screens`,
        ]),
  ];
  if (missing.length === 0) return [];
  return [
    `The logs did not tell ${missing.join(', nor ')}.`,
    'Services log these steps at level debug only: LOG_LEVEL=debug npm start. No frame leaves where nobody watches.',
  ];
}
