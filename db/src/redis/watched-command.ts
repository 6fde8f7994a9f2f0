import { type Cluster, Command } from 'ioredis';

/**
 * A command that knows whether it has left this process. A cluster client rejects a command that
 * waits and one that is in flight with the same words when it lets a node go ("Connection is
 * closed."), yet the first certainly did not run and the second may have.
 *
 * It goes straight to its node, not through an automatic pipeline: of several commands in one, a
 * cluster client follows a redirection only if all got the very same, which names the slot.
 */
export class WatchedCommand extends Command {
  isSent: boolean = false;

  override toWritable(socket: object): string | Buffer {
    this.isSent = true;
    return super.toWritable(socket);
  }
}

/** Sends EVALSHA or EVAL to a cluster; `wasSent` tells afterwards what a failure means. */
export function sendToCluster(
  cluster: Cluster,
  name: 'eval' | 'evalsha',
  words: readonly (string | number)[],
): { readonly reply: Promise<unknown>; wasSent(): boolean } {
  const command = new WatchedCommand(name, [...words], { replyEncoding: 'utf8' });
  cluster.sendCommand(command);
  return { reply: command.promise, wasSent: () => command.isSent };
}
