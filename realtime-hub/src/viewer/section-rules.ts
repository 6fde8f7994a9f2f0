/** The offset of a section of which nothing is known; below every real one, so each frame is a gap. */
export const UNKNOWN_OFFSET = -1;

/**
 * What a frame (prev, offset] means to a section at `mine`, same epoch. `apply` also covers a frame
 * that begins before `mine`: it holds the state at `offset` of everything touched since.
 */
export function judgeFrame(mine: number, prev: number, offset: number): 'known' | 'apply' | 'gap' {
  if (offset <= mine) return 'known';
  return prev <= mine ? 'apply' : 'gap';
}

/**
 * What a beat means to a section at `mine`, same epoch: ahead of the hub nothing can be compared,
 * behind its last frame something was lost, between the two the states must agree.
 */
export function judgeBeat(
  mine: number,
  hubOffset: number,
  lastFrame: number,
): 'skip' | 'resync' | 'compare' {
  if (mine > hubOffset) return 'skip';
  return mine < lastFrame ? 'resync' : 'compare';
}
