import type { Ambient, CancelTimer } from '@holdfast/db/model';
import { cutConnection, cutTransport, onPing } from './backlog.ts';
import { RequestBudget } from './request-budget.ts';

/** An open Engine.IO connection, as far as it is watched here. */
export type Transport = {
  on(name: 'packet' | 'error', listener: () => void): unknown;
  once(name: 'close', listener: () => void): unknown;
};

/** Messages of any kind: pages send a few at once, then one now and then. */
const MESSAGES = { burst: 100, perSecond: 20 };
/** A closing handshake of somebody who wants it takes a round trip. */
const CLOSING_LIMIT_MS = 2_000;

/**
 * Watches connections from their first byte on, before anybody has proved who it is and whatever
 * the messages say. Socket.IO answers each attempt to join and each unknown namespace, as often as
 * they come, and joins one connection many times when the attempts come faster than they are judged;
 * WebSocket answers each ping. So:
 * - one connection may try to join once; our pages open a new one to try again;
 * - it may send so many messages and pings in a time, more end it; that bounds what waits for one
 *   that has not joined as well (`ViewerSession` bounds it for the others);
 * - one that was closed is gone soon after, also when the other side does not answer the closing
 *   handshake, for which the library would wait half a minute.
 */
export class TransportGuard {
  readonly #ambient: Ambient;
  readonly #onCut: () => void;
  readonly #open = new Map<object, { tried: boolean }>();
  /** Closed connections whose other side may still have to read the last message. */
  readonly #closing = new Map<object, CancelTimer>();

  constructor(ambient: Ambient, onCut: () => void) {
    this.#ambient = ambient;
    this.#onCut = onCut;
  }

  /** From now until it closes. */
  watch(transport: Transport): void {
    const budget = new RequestBudget(this.#ambient.clock, MESSAGES);
    const count = (): void => {
      if (!budget.take()) this.#cut(transport);
    };
    this.#open.set(transport, { tried: false });
    transport.on('packet', count);
    onPing(transport, count);
    transport.once('close', () => this.#letGo(transport));
  }

  /** Whether this is the connection's first attempt to join; any other one ends it. */
  mayJoin(transport: object): boolean {
    const known = this.#open.get(transport);
    if (known !== undefined && !known.tried) {
      known.tried = true;
      return true;
    }
    this.#cut(transport);
    return false;
  }

  /** Lets go of all that is closing. */
  stop(): void {
    for (const [transport, cancel] of this.#closing) {
      cancel();
      cutTransport(transport);
    }
    this.#closing.clear();
  }

  #letGo(transport: Transport): void {
    this.#open.delete(transport);
    const cancel = this.#ambient.timers.after(CLOSING_LIMIT_MS, () => {
      this.#closing.delete(transport);
      cutTransport(transport);
    });
    this.#closing.set(transport, cancel);
  }

  #cut(transport: object): void {
    if (!this.#open.delete(transport)) return;
    this.#onCut();
    cutConnection(transport);
  }
}
