import type { TestProcess } from './processes/test-process.ts';

/** The figures that a process shows under /metrics: `name{labels}` to value, as Prometheus reads them. */
export async function readFigures(process: TestProcess): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${process.adminUrl()}/metrics`);
  if (!answer.ok) throw new Error(`${process.name} shows no metrics: ${answer.status}`);
  const figures = new Map<string, number>();
  for (const line of (await answer.text()).split('\n')) {
    const cut = line.lastIndexOf(' ');
    if (cut > 0 && !line.startsWith('#')) figures.set(line.slice(0, cut), Number(line.slice(cut)));
  }
  return figures;
}

/** The sum of all figures whose `name{labels}` matches; fails when there is none. */
export function sumOfFigures(figures: ReadonlyMap<string, number>, which: RegExp): number {
  const values = [...figures].filter(([name]) => which.test(name)).map(([, value]) => value);
  if (values.length === 0) throw new Error(`no figure matches ${which}`);
  return values.reduce((sum, value) => sum + value, 0);
}
