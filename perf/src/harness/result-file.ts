import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import type { FigureEnd } from './run-figure.ts';

/** All of a run, for machines: compared and drawn by whoever reads it. */
export type ResultFile = {
  readonly format: 'holdfast.bench/1';
  readonly benchmark: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly figures: readonly FigureEnd[];
};

/** Writes the run under a name that sorts by time, and returns where. */
export async function writeResult(folder: string, result: ResultFile): Promise<string> {
  await mkdir(folder, { recursive: true });
  const stamp = result.machine.date.replaceAll(/[:.]/g, '-');
  const file = join(folder, `${result.benchmark}-${stamp}.json`);
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}
