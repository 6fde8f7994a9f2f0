/** A connection that comes back by itself; a client of ioredis is one. */
export type ReturningConnection = {
  readonly status: string;
  on(name: 'ready', listener: () => void): unknown;
  off(name: 'ready', listener: () => void): unknown;
  disconnect(reconnect: boolean): void;
};

/**
 * Subscribes now, if connected, and after each reconnect. A subscription that fails though the
 * connection stands would never be tried again, so it costs the connection. Gives the way to end it.
 */
export function keepSubscribed(
  redis: ReturningConnection,
  subscribe: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): () => void {
  const again = (): void => {
    subscribe().catch((error: unknown) => {
      onFailure(error);
      if (redis.status === 'ready') redis.disconnect(true);
    });
  };
  redis.on('ready', again);
  if (redis.status === 'ready') again();
  return () => redis.off('ready', again);
}
