import { createHash, createHmac } from 'node:crypto';
import type { Clock } from '@holdfast/db/model';
import { networkOf } from '../network-of.ts';
import { realAmbient } from '../real-ambient.ts';
import { watchKeyFile } from './key-file.ts';
import { SigningKeysError } from './signing-keys.ts';

/** Names the network of an address, so that it can be counted and written down without being told. */
export type NetworkHash = {
  /** '' where addresses are not counted. */
  of(address: string): Promise<string>;
};

/** For installations in which all callers share one address. */
export const UNCOUNTED_NETWORKS: NetworkHash = { of: async () => '' };

const DIGITS = 16;

/**
 * A keyed hash: there are so few IPv4 addresses that a plain one is undone by trying them all. The
 * key is drawn from the newest signing key, which all APIs of an installation share and Redis never
 * sees; a rotation gives every network a new name, and what was counted by the old one is forgotten.
 */
export function createNetworkHash(
  keysFile: string,
  clock: Clock = realAmbient().clock,
): NetworkHash {
  const derive = async ({ d }: { readonly d: string }): Promise<Buffer> =>
    createHash('sha256').update(`holdfast networks ${d}`).digest();
  const file = watchKeyFile(keysFile, derive, clock);
  return {
    of: async (address) => {
      const [newest] = await file.current();
      if (newest === undefined) throw new SigningKeysError(`There is no key in ${keysFile}.`);
      const network = networkOf(address);
      return createHmac('sha256', newest).update(network).digest('hex').slice(0, DIGITS);
    },
  };
}
