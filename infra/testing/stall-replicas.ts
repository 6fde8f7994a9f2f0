import type { Redis } from 'ioredis';

/**
 * Cuts a primary from its replicas while clients go on as if nothing was: replicas lose their
 * connection and the right to copy again. Unlike a replica that stands still, which finds all of it
 * in its kernel's buffers, they never get what is written from now on; a failover then forgets it.
 */
export async function stallReplicas(primary: Redis): Promise<void> {
  await primary.acl('SETUSER', 'default', '-psync', '-sync', '-replconf');
  await primary.call('CLIENT', 'KILL', 'TYPE', 'replica');
}
