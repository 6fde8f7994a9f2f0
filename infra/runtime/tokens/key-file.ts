import { stat } from 'node:fs/promises';
import type { Clock } from '@holdfast/db/model';
import { type CryptoKey, importJWK } from 'jose';
import { readSigningKeys, type SigningKey, SigningKeysError } from './signing-keys.ts';
import { TOKEN_ALGORITHM } from './token-claims.ts';

/** A key of the file, ready for use. `key` is the private or the public half, as asked for. */
export type LoadedKey = { readonly kid: string; readonly key: CryptoKey };

export type KeyFile<Key = LoadedKey> = {
  /** Newest first; the file is read again when it changed since the last look. */
  current(): Promise<readonly Key[]>;
};

/** How long a rotation may go unnoticed. */
const LOOK_PERIOD_MS = 1_000;

/** The keys of a file, ready to sign or to prove. */
export function openKeyFile(file: string, half: 'private' | 'public', clock: Clock): KeyFile {
  return watchKeyFile(file, (jwk) => load(jwk, half), clock);
}

/** Watches a file of signing keys by looking at it, at most once a second and one look at a time. */
export function watchKeyFile<Key>(
  file: string,
  make: (jwk: SigningKey) => Promise<Key>,
  clock: Clock,
): KeyFile<Key> {
  let keys: readonly Key[] = [];
  let seen = '';
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      const print = await fingerprint(file);
      if (print === seen) return;
      keys = await Promise.all((await readSigningKeys(file)).map(make));
      seen = print;
    } catch (error) {
      // A file that went missing later takes nobody's session away; at the first look it is fatal.
      if (keys.length === 0) throw error;
    } finally {
      lookedAtMs = clock.monotonicMs();
      looking = undefined;
    }
  };
  return {
    current: async () => {
      if (clock.monotonicMs() - lookedAtMs >= LOOK_PERIOD_MS || keys.length === 0) {
        looking ??= look();
        await looking;
      }
      return keys;
    },
  };
}

async function load(jwk: SigningKey, half: 'private' | 'public'): Promise<LoadedKey> {
  const { d, ...publicHalf } = jwk;
  const imported = await importJWK(
    half === 'private' ? { ...publicHalf, d } : publicHalf,
    TOKEN_ALGORITHM,
  );
  if (imported instanceof Uint8Array) throw new SigningKeysError('A signing key is symmetric.');
  return { kid: jwk.kid, key: imported };
}

async function fingerprint(file: string): Promise<string> {
  const facts = await stat(file);
  return `${facts.ino}:${facts.size}:${facts.mtimeMs}`;
}
