import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createProcessLog } from '../local/processes/process-log.ts';
import { until } from '../testing/until.ts';

type Room = { folder: string };
const test = suite<Room>('process log', { folder: '' });

test.beforeEach(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-log-'));
});

test.afterEach(({ folder }) => rm(folder, { recursive: true, force: true }));

const MEBIBYTE_LINE = `${'x'.repeat(1_024 * 1_024)}\n`;
/** Beyond the size at which a file is set aside. */
const LINES_OVER = 9;

test('a log that was removed while it is written is begun anew; nobody else notices', async ({
  folder,
}) => {
  const file = join(folder, 'api-1.log');
  const textOf = (): Promise<string> => readFile(file, 'utf8').catch(() => '');
  const log = createProcessLog(file);
  log.write('first\n');
  await until('the first line is in the file', async () => (await textOf()) === 'first\n');
  await rm(file);
  for (let line = 0; line < LINES_OVER; line += 1) log.write(MEBIBYTE_LINE);
  log.write('last\n');
  await until('the last line is in the file', async () => (await textOf()).endsWith('last\n'));
  assert.is(log.lines().at(-1), 'last');
  log.close();
});

test.run();
