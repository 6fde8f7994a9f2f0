import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import { decodeProtectedHeader } from 'jose';
import * as assert from 'uvu/assert';
import { createTokenVerifier } from '../runtime/tokens/token-verifier.ts';

const COMMAND = fileURLToPath(new URL('../local/token/main.ts', import.meta.url));

type Room = { folder: string };
const test = suite<Room>('token command', { folder: '' });

test.before(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-token-'));
});

test.after(async (room) => {
  await rm(room.folder, { recursive: true, force: true });
});

function run(
  room: Room,
  ...flags: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [COMMAND, '--data', room.folder, ...flags]);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

const keyOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;

test('it prints a token of the asked role and subject that the services accept', async (room) => {
  const { code, out } = await run(
    room,
    '--role',
    'operator',
    '--subject',
    'box-office',
    '--ttl',
    '60',
  );
  assert.is(code, 0);
  const verifier = createTokenVerifier(join(room.folder, 'signing-keys.json'));
  const verified = await verifier.verify(out.trim());
  assert.ok(verified.ok);
  assert.is(verified.subject, 'box-office');
  assert.is(verified.role, 'operator');
});

test('an unknown role is one sentence and a failure', async (room) => {
  const { code, out, err } = await run(room, '--role', 'king');
  assert.is(code, 1);
  assert.is(out, '');
  assert.is(err, '--role was given as "king", but it takes one of shopper, operator.\n');
});

test('--rotate lets a new key sign; the previous one proves its tokens until the next rotation', async (room) => {
  const verifier = () => createTokenVerifier(join(room.folder, 'signing-keys.json'));
  const before = (await run(room)).out.trim();
  const rotated = await run(room, '--rotate');
  assert.is(rotated.code, 0, rotated.err);
  assert.match(rotated.out, /^A new key in \S+ signs now; tokens of the previous key stay valid/);
  assert.is(rotated.out.trim().split('\n').length, 1);
  const after = (await run(room)).out.trim();
  assert.not.equal(keyOf(after), keyOf(before));
  assert.is((await verifier().verify(before)).ok, true);
  assert.is((await run(room, '--rotate')).code, 0);
  assert.equal(await verifier().verify(before), { ok: false, code: 'token.invalid' });
  assert.is((await verifier().verify(after)).ok, true);
});

test('a folder that is not there is one sentence and a failure that makes nothing', async (room) => {
  const misspelt = join(room.folder, 'elsewhere');
  for (const flags of [[], ['--rotate']]) {
    const { code, out, err } = await run({ folder: misspelt }, ...flags);
    assert.is(code, 1);
    assert.is(out, '');
    assert.match(err, /^There is no data folder \S+; run npm start first, or check --data\.\n$/);
  }
  assert.is(existsSync(misspelt), false);
});

test('--rotate without keys is one sentence and a failure', async (room) => {
  const empty = join(room.folder, 'empty');
  await mkdir(empty);
  const { code, out, err } = await run({ folder: empty }, '--rotate');
  assert.is(code, 1);
  assert.is(out, '');
  assert.match(err, /^The signing keys \S+ cannot be read\.\n$/);
});

test('--help tells its flags', async (room) => {
  const { out } = await run(room, '--help');
  for (const flag of ['--subject', '--rotate']) assert.match(out, flag);
});

test.run();
