import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, ownerId } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import { generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import * as assert from 'uvu/assert';
import {
  ensureSigningKeys,
  readSigningKeys,
  rotateSigningKeys,
  SigningKeysError,
} from '../runtime/tokens/signing-keys.ts';
import { createTokenIssuer } from '../runtime/tokens/token-issuer.ts';
import { createTokenVerifier } from '../runtime/tokens/token-verifier.ts';

type House = { folder: string; file: string; nowMs: number; clock: Clock };

const START_MS = Date.UTC(2030, 0, 1);
const SHOPPER = { subject: ownerId('shopper-1'), role: 'shopper', ttlSeconds: 60 } as const;

const test = suite<House>('tokens', { folder: '', file: '', nowMs: 0, clock: stopped() });

function stopped(): Clock {
  return { wallMs: () => 0, monotonicMs: () => 0 };
}

test.beforeEach(async (house) => {
  house.folder = await mkdtemp(join(tmpdir(), 'holdfast-keys-'));
  house.file = join(house.folder, 'deep', 'keys.json');
  house.nowMs = START_MS;
  house.clock = { wallMs: () => house.nowMs, monotonicMs: () => house.nowMs };
  await ensureSigningKeys(house.file);
});

test.afterEach(async (house) => {
  await rm(house.folder, { recursive: true, force: true });
});

test('an issued token is proved, with subject, role and end', async ({ file, clock }) => {
  const token = await createTokenIssuer(file, clock).issue(SHOPPER);
  assert.equal(await createTokenVerifier(file, clock).verify(token), {
    ok: true,
    subject: 'shopper-1',
    role: 'shopper',
    expiresAtMs: START_MS + 60_000,
  });
});

test('security 13: no token is token.missing, an ended one token.expired', async (house) => {
  const verifier = createTokenVerifier(house.file, house.clock);
  const token = await createTokenIssuer(house.file, house.clock).issue(SHOPPER);
  assert.equal(await verifier.verify(undefined), { ok: false, code: 'token.missing' });
  assert.equal(await verifier.verify(''), { ok: false, code: 'token.missing' });
  house.nowMs += 63_000;
  assert.equal(await verifier.verify(token), { ok: false, code: 'token.expired' });
});

test('security 13: the end of a token counts to the second, and what machines may differ by', async (house) => {
  const verifier = createTokenVerifier(house.file, house.clock);
  const nowSeconds = house.nowMs / 1_000;
  for (const [second, ok] of [
    [1, true],
    [-1, true], // machines of one installation may differ by less than 2 s
    [-2, false],
    [-3, false],
  ] as const) {
    const token = await signedByUs(house, {
      payload: { iat: nowSeconds - 60, nbf: nowSeconds - 60, exp: nowSeconds + second },
    });
    const { ok: proved, ...answer } = await verifier.verify(token);
    assert.is(proved, ok, `exp ${second} s from now`);
    if (!ok) assert.equal(answer, { code: 'token.expired' });
  }
  for (const [second, ok] of [
    [2, true],
    [3, false],
  ] as const) {
    const token = await signedByUs(house, { payload: { nbf: nowSeconds + second } });
    assert.is((await verifier.verify(token)).ok, ok, `nbf ${second} s from now`);
  }
});

/** A token signed with the installation's own key, with parts of it changed. */
async function signedByUs(
  house: House,
  change: { payload?: JWTPayload; header?: Record<string, unknown> },
): Promise<string> {
  const [jwk] = await readSigningKeys(house.file);
  assert.ok(jwk);
  const nowSeconds = house.nowMs / 1_000;
  const payload = {
    iss: 'holdfast',
    aud: 'holdfast',
    sub: 'shopper-1',
    role: 'shopper',
    iat: nowSeconds,
    nbf: nowSeconds,
    exp: nowSeconds + 60,
    ...change.payload,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: jwk.kid, ...change.header })
    .sign(await importJWK(jwk, 'EdDSA'));
}

test('security 13: a token of our own key with one wrong claim or header is refused', async (house) => {
  const verifier = createTokenVerifier(house.file, house.clock);
  assert.is((await verifier.verify(await signedByUs(house, {}))).ok, true);
  const soon = house.nowMs / 1_000 + 30;
  const wrong: Record<string, Parameters<typeof signedByUs>[1]> = {
    'another issuer': { payload: { iss: 'elsewhere' } },
    'another audience': { payload: { aud: 'elsewhere' } },
    'two audiences': { payload: { aud: ['holdfast', 'elsewhere'] } },
    'an unknown role': { payload: { role: 'admin' } },
    'a subject of another form': { payload: { sub: 'a b' } },
    'not valid yet': { payload: { nbf: soon } },
    'an added claim': { payload: { scope: 'all' } },
    'an id token, which tells a page who somebody is': {
      payload: { aud: 'page-client', nonce: 'n-1', auth_time: house.nowMs / 1_000 },
    },
    'an id token for our audience': { payload: { nonce: 'n-1' } },
    'another type': { header: { typ: 'at+jwt' } },
    'no type': { header: { typ: undefined } },
    'a certificate address': { header: { x5u: 'https://keys.example.org' } },
    'a certificate': { header: { x5c: ['AAAA'] } },
    'an unknown key': { header: { kid: 'nobody' } },
    'an embedded key': { header: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'x' } } },
    'a key address': { header: { jku: 'https://keys.example.org' } },
  };
  for (const [title, change] of Object.entries(wrong)) {
    const answer = await verifier.verify(await signedByUs(house, change));
    assert.equal(answer, { ok: false, code: 'token.invalid' }, title);
  }
});

test('security 13: forged, unsigned, broken and oversize tokens are token.invalid', async (house) => {
  const verifier = createTokenVerifier(house.file, house.clock);
  const good = await signedByUs(house, {});
  const [header = '', payload = '', signature = ''] = good.split('.');
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  assert.ok(typeof claims === 'object' && claims !== null);
  const [jwk] = await readSigningKeys(house.file);
  const stranger = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const strangers = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: jwk?.kid ?? '' })
    .sign(stranger.privateKey);
  const none = encode({ alg: 'none', typ: 'JWT', kid: jwk?.kid });
  // The public key as an HMAC secret: the classic confusion of algorithms.
  const hmac = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: jwk?.kid ?? '' })
    .sign(Buffer.from(jwk?.x ?? '', 'base64url'));
  const bad = {
    'another key under our kid': strangers,
    'alg none': `${none}.${payload}.`,
    'alg none with a signature': `${none}.${payload}.${signature}`,
    'alg HS256 with the public key': hmac,
    'a raised role': `${header}.${encode({ ...claims, role: 'operator' })}.${signature}`,
    'no signature': `${header}.${payload}.`,
    'two parts': `${header}.${payload}`,
    'no token at all': '__proto__',
    'one megabyte': `${header}.${'a'.repeat(1_000_000)}.${signature}`,
  };
  for (const [title, token] of Object.entries(bad)) {
    assert.equal(await verifier.verify(token), { ok: false, code: 'token.invalid' }, title);
  }
});

test('security 13: a rotation keeps the key before valid, the next one ends it', async (house) => {
  const issuer = createTokenIssuer(house.file, house.clock);
  const verifier = createTokenVerifier(house.file, house.clock);
  const first = await issuer.issue(SHOPPER);
  assert.is((await verifier.verify(first)).ok, true);

  await rotateSigningKeys(house.file);
  house.nowMs += 1_000;
  const second = await issuer.issue(SHOPPER);
  assert.is((await verifier.verify(first)).ok, true);
  assert.is((await verifier.verify(second)).ok, true);

  await rotateSigningKeys(house.file);
  house.nowMs += 1_000;
  assert.equal(await verifier.verify(first), { ok: false, code: 'token.invalid' });
  assert.is((await verifier.verify(second)).ok, true);
});

test('twenty starts at once agree on one key, readable by its owner only', async ({ folder }) => {
  const file = join(folder, 'race.json');
  await Promise.all(Array.from({ length: 20 }, () => ensureSigningKeys(file)));
  assert.is((await readSigningKeys(file)).length, 1);
  assert.is((await stat(file)).mode & 0o777, 0o600);
});

test('a keys file that is broken or open to others is refused in one sentence without its content', async ({
  file,
}) => {
  const secret = (await readSigningKeys(file))[0]?.d ?? 'no key';
  const refuses = async (pattern: RegExp): Promise<void> => {
    const error: unknown = await ensureSigningKeys(file).catch((thrown: unknown) => thrown);
    assert.instance(error, SigningKeysError);
    if (!(error instanceof SigningKeysError)) return;
    assert.match(error.message, pattern);
    assert.not.match(`${error.message}${error.cause}`, secret);
  };
  const whole = await readFile(file, 'utf8');
  await writeFile(file, whole.slice(0, -10));
  await refuses(/is not JSON/);
  await writeFile(file, JSON.stringify({ keys: [{ kty: 'RSA', d: secret }] }));
  await refuses(/not a set of Ed25519 keys/);
  await rm(file);
  await writeFile(file, whole, { mode: 0o644 });
  await refuses(/chmod 600/);
});

test.run();
