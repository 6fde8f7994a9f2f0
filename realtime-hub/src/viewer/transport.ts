import type { WatchRequest } from '../protocol/watch-request.ts';

/**
 * The connection as a viewer sees it: it may refuse, break, lose, double and reorder. The viewer
 * decides when to connect again; a transport never does so by itself. What arrives is handed on
 * as it came (`unknown`): the viewer reads it with the protocol's own readers.
 */
export interface ViewerTransport {
  /** Called once, before anything else. */
  listen(listener: TransportListener): void;
  /** Opens a connection; `opened`, `refused` or `lost` follows. */
  connect(): void;
  /** Sends a request over an open connection; the answer comes at most once, or never. */
  watch(request: WatchRequest, answer: (reply: unknown) => void): void;
  /** Closes for the moment; `connect` opens again. Harmless when nothing is open. */
  close(): void;
}

export interface TransportListener {
  opened(): void;
  /** The connection broke, or could not be made. */
  lost(): void;
  /** The hub said why it does not take or keep this connection (`HubRefusal`). */
  refused(refusal: unknown): void;
  /** The hub asks for a new `watch` on the same connection (`HubRefusal`). */
  again(refusal: unknown): void;
  frame(text: unknown): void;
  beat(text: unknown): void;
  overview(text: unknown): void;
  sale(message: unknown): void;
  truth(message: unknown): void;
  notice(notice: unknown): void;
}
