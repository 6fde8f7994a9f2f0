import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { TOKEN_ALGORITHM } from './token-claims.ts';

/**
 * The keys of one installation: an RFC 7517 key set of Ed25519 private keys in a file that only
 * its owner may read. The first key signs; all of them prove. Rotation puts a new key first and
 * keeps the one before, so that tokens it signed live until the rotation after.
 *
 * Several processes may start at once: each prepares a whole file under a name of its own and
 * `link`s it into place, which the file system grants to exactly one; the others read the winner's.
 */

const signingKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  alg: z.literal(TOKEN_ALGORITHM),
  kid: z.string().min(1).max(64),
  x: z.string().length(43),
  d: z.string().length(43),
});

const KEYS_KEPT = 2;
const keySet = z.object({ keys: z.array(signingKey).min(1).max(KEYS_KEPT) });

export type SigningKey = z.output<typeof signingKey>;

/** The file of signing keys cannot be used. The message says what to do. */
export class SigningKeysError extends Error {
  override readonly name = 'SigningKeysError';
  readonly code = 'signing-keys.unusable';
}

const OWNER_ONLY = 0o600;
const OTHERS_BITS = 0o077;
const FILE_BYTES_MAX = 16_384;
const ROTATION_STALE_MS = 30_000;

/** Creates the file unless it exists; whatever happens, it is usable afterwards or this throws. */
export async function ensureSigningKeys(file: string): Promise<void> {
  if (!(await exists(file))) {
    await mkdir(dirname(file), { recursive: true });
    const draft = await writeDraft(file, [await newKey()]);
    try {
      await link(draft, file);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }
  await readSigningKeys(file);
}

/** Puts a new key first and keeps the one before. One rotation at a time: a second one is refused. */
export async function rotateSigningKeys(file: string): Promise<void> {
  // Keys that are not there are told as such, before a marker is laid beside them.
  await readSigningKeys(file);
  const marker = `${file}.rotating`;
  await takeMarker(marker, file);
  try {
    const [current] = await readSigningKeys(file);
    const keys = [await newKey(), ...(current === undefined ? [] : [current])];
    await rename(await writeDraft(file, keys), file);
  } finally {
    await rm(marker, { force: true });
  }
}

/** The keys, newest first. Throws `SigningKeysError` when the file is missing, open to others or broken. */
export async function readSigningKeys(file: string): Promise<readonly SigningKey[]> {
  const facts = await stat(file).catch((error: unknown) => {
    throw new SigningKeysError(`The signing keys ${file} cannot be read.`, { cause: error });
  });
  if ((facts.mode & OTHERS_BITS) !== 0) {
    throw new SigningKeysError(
      `Others than their owner may read the signing keys; run: chmod 600 ${file}`,
    );
  }
  if (facts.size > FILE_BYTES_MAX) {
    throw new SigningKeysError(`${file} is too large to be a file of signing keys.`);
  }
  try {
    return keySet.parse(JSON.parse(await readFile(file, 'utf8'))).keys;
  } catch (error) {
    // The cause is left out: it could quote the file, which holds private keys.
    const kind = error instanceof SyntaxError ? 'is not JSON' : 'is not a set of Ed25519 keys';
    throw new SigningKeysError(
      `The file of signing keys ${file} ${kind}; restore it, or remove it to sign everybody out.`,
    );
  }
}

async function newKey(): Promise<SigningKey> {
  const pair = await generateKeyPair(TOKEN_ALGORITHM, { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(pair.privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return signingKey.parse({ ...jwk, alg: TOKEN_ALGORITHM, kid });
}

/** A whole, synced file beside the target, ready to be linked or renamed into place. */
async function writeDraft(file: string, keys: readonly SigningKey[]): Promise<string> {
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  const handle = await open(draft, 'wx', OWNER_ONLY);
  try {
    await handle.writeFile(`${JSON.stringify({ keys }, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function takeMarker(marker: string, file: string): Promise<void> {
  const age = await stat(marker).then(
    (facts) => Date.now() - facts.mtimeMs,
    () => 0,
  );
  if (age > ROTATION_STALE_MS) await rm(marker, { force: true });
  try {
    await (await open(marker, 'wx', OWNER_ONLY)).close();
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new SigningKeysError(`Another process is rotating ${file}; try again in a moment.`);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
