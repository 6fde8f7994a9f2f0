import type { OwnerNotice } from './notice.ts';
import type { HubRefusal } from './refusal.ts';
import type { SaleMessage } from './sale.ts';
import type { TruthMessage } from './truth.ts';
import type { WatchReply } from './watch-answer.ts';
import type { WatchRequest } from './watch-request.ts';

/**
 * The socket wire between a viewer and a hub, on Socket.IO.
 *
 * A viewer connects with `auth` (`handshake.ts`). A refusal at this point arrives as
 * `connect_error` whose `data` is a `HubRefusal`; a foreign Origin gets HTTP 403 before that. Then
 * it sends `watch` and from the answer on follows the frames of the rooms it is in.
 *
 * Frames may be lost, doubled, late or reordered. A viewer keeps one offset r for each section:
 * - a frame of another epoch: nothing is known any more, ask for everything in full;
 * - offset <= r: known, ignore; prev <= r < offset: apply, r = offset; prev > r: a gap, ask from r;
 * - a part with the full state of its section, not older than r, needs no `prev`: it heals a gap;
 * - a beat finds a lost last frame and a wrong map; nothing heard for several beats: ask again.
 * The answer to `watch` is made in the same instant in which the socket enters its rooms, so no
 * frame falls between the two. Because every question names where the viewer is and every answer
 * names where the hub is, any loss ends in an equal map (I4).
 *
 * Ends: a hub that closes a connection first sends `bye` with the reason and the next step; a
 * viewer whose connection is too slow is taken out of its rooms and told `again`.
 */
export type HubMessages = {
  /** Frame, `frame.ts`. */
  f: (frame: string) => void;
  /** Beat, `beat.ts`. */
  b: (beat: string) => void;
  /** Overview, `overview.ts`. */
  o: (overview: string) => void;
  sale: (message: SaleMessage) => void;
  truth: (message: TruthMessage) => void;
  notice: (notice: OwnerNotice) => void;
  /** The socket left its rooms but stays open: ask `watch` again. */
  again: (refusal: HubRefusal) => void;
  /** The last message before the hub closes the connection. */
  bye: (refusal: HubRefusal) => void;
};

export type ViewerMessages = {
  watch: (request: WatchRequest, answer: (reply: WatchReply) => void) => void;
};
