import type { IncomingMessage } from 'node:http';
import { hubRefusal, type RefusalCode } from '../protocol/refusal.ts';
import { clientNetwork } from './client-network.ts';

export type AdmissionRules = {
  /** Exactly these `Origin` headers may open a socket; a missing one or `null` never may. */
  readonly allowedOrigins: readonly string[];
  readonly socketsPerAddressMax: number;
  /** Open sockets of this hub; who comes beyond is told `hub.full`. */
  readonly socketsMax: number;
  readonly trustedProxyHops: number;
};

/**
 * Decides before the WebSocket upgrade. A foreign page cannot even connect (and could do nothing
 * without a token, since no cookie counts); one network cannot take all connections. Counted are
 * open transports, so half-open ones count too. Such a refusal is HTTP 403 with a sentence. Only
 * `full` is for the handshake to ask: its refusal tells a page how long to wait, a 403 could not.
 */
export class Admission {
  readonly #rules: AdmissionRules;
  readonly #origins: ReadonlySet<string>;
  readonly #open = new Map<string, number>();
  #openOfAll: number = 0;
  #closing: boolean = false;

  constructor(rules: AdmissionRules) {
    this.#rules = rules;
    this.#origins = new Set(rules.allowedOrigins);
  }

  /** From now on nobody is admitted. */
  close(): void {
    this.#closing = true;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** More transports are open than this hub may have; the one that asks is among them. */
  get full(): boolean {
    return this.#openOfAll > this.#rules.socketsMax;
  }

  /** The reason why not, or null. */
  judge(request: IncomingMessage): RefusalCode | null {
    if (this.#closing) return 'hub.draining';
    const { origin } = request.headers;
    if (origin === undefined || !this.#origins.has(origin)) return 'origin.refused';
    const open = this.#open.get(this.#networkOf(request)) ?? 0;
    return open >= this.#rules.socketsPerAddressMax ? 'address.full' : null;
  }

  /** Counts an opened transport; the returned function takes it back, once. */
  count(request: IncomingMessage): () => void {
    const network = this.#networkOf(request);
    this.#open.set(network, (this.#open.get(network) ?? 0) + 1);
    this.#openOfAll += 1;
    let counted = true;
    return () => {
      if (!counted) return;
      counted = false;
      this.#openOfAll -= 1;
      const left = (this.#open.get(network) ?? 1) - 1;
      if (left > 0) this.#open.set(network, left);
      else this.#open.delete(network);
    };
  }

  #networkOf(request: IncomingMessage): string {
    return clientNetwork(request, this.#rules.trustedProxyHops);
  }
}

/** What the HTTP answer says. */
export function admissionSentence(code: RefusalCode): string {
  return `${code}: ${hubRefusal(code).message}`;
}
