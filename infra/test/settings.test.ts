import { suite } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readSettings } from '../runtime/config/read-settings.ts';
import { SettingError } from '../runtime/config/setting-error.ts';
import { settingsHelp } from '../runtime/config/settings-help.ts';
import { SETTINGS } from '../runtime/config/settings-table.ts';

const test = suite('settings');

const source = (argv: string[] = [], env: Record<string, string> = {}) => ({ argv, env });

function refusal(run: () => unknown): SettingError {
  try {
    run();
  } catch (error) {
    if (error instanceof SettingError) return error;
    throw error;
  }
  throw new Error('the setting was accepted');
}

test('the command line beats the environment, and both beat the fallback', () => {
  assert.is(readSettings('launcher', source()).gatewayPort, 8080);
  assert.is(readSettings('launcher', source([], { PORT: '9001' })).gatewayPort, 9001);
  assert.is(readSettings('launcher', source(['--port=9002'], { PORT: '9001' })).gatewayPort, 9002);
  assert.is(readSettings('launcher', source(['--port', '9003'])).gatewayPort, 9003);
});

test('an empty environment variable counts as not given', () => {
  assert.is(readSettings('launcher', source([], { PORT: '' })).gatewayPort, 8080);
});

test('every fallback of the table is itself an accepted value', () => {
  for (const [name, row] of Object.entries(SETTINGS)) {
    assert.ok(row.kind.schema.safeParse(row.fallback).success, name);
  }
});

test('no program reads two rows of the same flag or environment name', () => {
  for (const program of ['api', 'hub', 'worker', 'gateway', 'launcher', 'token'] as const) {
    const rows = Object.values(SETTINGS).filter((row) =>
      (row.readers as readonly string[]).includes(program),
    );
    const flags = rows.map((row) => row.flag);
    const envs = rows.map((row) => row.env).filter((env) => env !== null);
    assert.is(new Set(flags).size, flags.length, `${program} flags`);
    assert.is(new Set(envs).size, envs.length, `${program} environment`);
  }
});

test('a broken setting is one sentence with its name, what was given and what is accepted', () => {
  const error = refusal(() => readSettings('launcher', source([], { PORT: 'abc' })));
  assert.is(
    error.message,
    'PORT (--port) was given as "abc", but it takes a whole number from 0 to 65535.',
  );
  assert.is(error.code, 'setting.invalid');
});

test('a setting that may hold a password is never repeated', () => {
  const error = refusal(() =>
    readSettings('api', source([], { REDIS_URL: 'http://user:hunter2@example.org' })),
  );
  assert.not.match(error.message, 'hunter2');
  assert.match(error.message, 'REDIS_URL');
});

test('unknown, repeated and unfinished flags are refused by name', () => {
  const codes = [['--prot', '1'], ['--port', '1', '--port', '2'], ['--port'], ['8080']].map(
    (argv) => refusal(() => readSettings('launcher', source(argv))).code,
  );
  assert.equal(codes, [
    'setting.unknown-flag',
    'setting.repeated',
    'setting.no-value',
    'setting.unknown-flag',
  ]);
});

test('lock servers must be an odd number, or none', () => {
  const read = (urls: string) => readSettings('api', source([], { LOCK_REDIS_URLS: urls }));
  assert.is(
    read('redis://127.0.0.1:1, redis://127.0.0.1:2, redis://127.0.0.1:3').lockRedisUrls.length,
    3,
  );
  refusal(() => read('redis://127.0.0.1:1,redis://127.0.0.1:2'));
});

test('whatever text a number is given, it is read exactly or refused in one line', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String)), (given) => {
      if (given === '') return;
      try {
        const { apis } = readSettings('launcher', source([], { HOLDFAST_APIS: given }));
        assert.ok(/^\d+$/.test(given) && apis === Number(given) && apis >= 1 && apis <= 16);
      } catch (error) {
        if (!(error instanceof SettingError)) throw error;
        assert.not.match(error.message, '\n');
      }
    }),
  );
});

test('the help names every flag that the program reads, and no other', () => {
  const help = settingsHelp('hub', 'hub');
  for (const row of Object.values(SETTINGS)) {
    const read = (row.readers as readonly string[]).includes('hub');
    const line = new RegExp(`^  ${row.flag}[ <]`, 'm');
    const twin = Object.values(SETTINGS).some(
      (other) => other.flag === row.flag && (other.readers as readonly string[]).includes('hub'),
    );
    assert.is(line.test(help), read || twin, row.flag);
  }
});

test.run();
