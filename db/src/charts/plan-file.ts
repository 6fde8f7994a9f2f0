import { open } from 'node:fs/promises';
import { ChartError } from './chart-error.ts';
import { tooLarge } from './json-text.ts';
import { PLAN_BYTES_MAX } from './limits.ts';

/**
 * The text of a plan file. Its size is looked up before a byte is read, so a file of any size is
 * refused at no cost. Throws `ChartError`.
 */
export async function readPlanFile(file: string): Promise<string> {
  const bytes = await readBounded(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = 'the file is not UTF-8 text; save it as UTF-8';
    throw new ChartError('chart.json', '', `${file}: ${message}`, { cause });
  }
}

async function readBounded(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(file, 'r');
    const found = await handle.stat();
    if (!found.isFile()) throw new ChartError('chart.file', file, 'not a file; name a JSON file');
    if (found.size > PLAN_BYTES_MAX) throw tooLarge(found.size);
    return await handle.readFile();
  } catch (cause) {
    if (cause instanceof ChartError) throw cause;
    const message = 'cannot be read; check the path and that you may read it';
    throw new ChartError('chart.file', file, message, { cause });
  }
}
