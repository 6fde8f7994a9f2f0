import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { eventId } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { feedRun, ownFolder } from './catalogue-fixtures.ts';

const test = suite('catalogue shared by processes');
const writers = 6;
const rounds = 40;

test(
  'processes that open a new file and write at once lose no write and fail none',
  async () => {
    const { folder, drop } = await ownFolder();
    const file = join(folder, 'catalogue.sqlite');
    const codes = await Promise.all(
      Array.from({ length: writers }, (_, writer) => runWriter(file, writer)),
    );
    assert.equal(codes, Array(writers).fill(0));
    const catalogue = await openSqliteCatalogue(file);
    const shared = eventId('evening-show');
    assert.is((await catalogue.listEvents()).length, writers + 1);
    assert.is((await catalogue.readEvent(shared))?.version, 1 + writers * rounds);
    assert.is((await catalogue.listBlocks(shared)).length, writers * rounds);
    assert.equal(await catalogue.readFeed(shared, '1'), feedRun(1, rounds + 2));
    await catalogue.close();
    await drop();
  },
  { timeoutMs: 60_000 },
);

async function runWriter(file: string, writer: number): Promise<number | null> {
  const program = join(import.meta.dirname, 'catalogue-writer.ts');
  const child = spawn(process.execPath, [program, file, `${writer}`, `${rounds}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : null;
}

test.run();
