import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
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

test('--help tells its flags', async (room) => {
  assert.match((await run(room, '--help')).out, '--subject');
});

test.run();
