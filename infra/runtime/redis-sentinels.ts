import { Redis } from 'ioredis';
import { keepSubscribed } from './keep-subscribed.ts';
import type { HostPort, RedisAddress } from './redis-address.ts';
import { type RedisRole, sentinelOptions, watchingOptions } from './redis-options.ts';

const CHANNEL = '+switch-master';

/**
 * A client of the primary that the sentinels name. It leaves one that they replaced even if that one
 * still answers: it may be cut off from them and not know. A client that is just connecting asks the
 * sentinels anyway.
 *
 * What they tell is a hint, and each of them tells it, so that one may be away. If it reaches nobody,
 * the old primary is left when it ends, or when it says that it is a replica now.
 *
 * The library has a detector of its own, but one that hears of the change while its client connects
 * (and that is when most of them do) ends this client for good.
 */
export class SentinelClient extends Redis {
  readonly #watching: readonly Redis[];

  constructor(
    name: string,
    role: RedisRole,
    address: RedisAddress & { readonly kind: 'sentinel' },
  ) {
    super(sentinelOptions(name, role, address));
    const options = watchingOptions(name, address);
    this.#watching = address.sentinels.map((sentinel) =>
      follow({ ...options, ...sentinel }, (primaryName) => {
        const isConnected = this.status === 'ready' || this.status === 'connect';
        if (primaryName === address.primaryName && isConnected) this.disconnect(true);
      }),
    );
  }

  /** Without `reconnect` it is the end, also in the pause before a next attempt, which ends without a word. */
  override disconnect(reconnect = false): void {
    super.disconnect(reconnect);
    if (!reconnect) for (const sentinel of this.#watching) sentinel.disconnect();
  }
}

function follow(
  sentinel: ReturnType<typeof watchingOptions> & HostPort,
  onReplaced: (primaryName: string) => void,
): Redis {
  const watching = new Redis(sentinel);
  watching.on('error', () => undefined); // one that is away is one voice less
  watching.on('message', (_channel: string, message: string) => {
    const [primaryName = ''] = message.split(' ');
    onReplaced(primaryName);
  });
  keepSubscribed(
    watching,
    () => watching.subscribe(CHANNEL),
    () => undefined,
  );
  watching.connect().catch(() => undefined); // it goes on trying by itself
  return watching;
}
