import type { Logger } from '@holdfast/infra/runtime';
import type { FrameNote } from '../event/room-frames.ts';

/**
 * One debug line per flush and room, the last step of `npm run trace`: from it a reader learns when
 * a change left for the screens. Undefined at every other level, so that frames cost nothing more.
 */
export function noteFrames(
  logger: Logger,
  socketsIn: (room: string) => number,
): FrameNote | undefined {
  if (!logger.isLevelEnabled('debug')) return undefined;
  return (event, room, prev, offset) => {
    logger.debug({ event, room, prev, offset, sockets: socketsIn(room) }, 'frame sent');
  };
}
