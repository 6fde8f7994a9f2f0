import { fileURLToPath } from 'node:url';
import { describeMachine, noiseOf } from '../harness/machine.ts';
import { writeResult } from '../harness/result-file.ts';
import { type FigureEnd, runFigure } from '../harness/run-figure.ts';
import { tableOf } from '../harness/table.ts';
import { BENCHMARK, helpText, readArguments } from './arguments.ts';
import { FIRST_LIGHT } from './figures.ts';

/** `npm run bench`: runs figures one after the other, each with a machine of its own if possible. */
const RESULTS_FOLDER = fileURLToPath(new URL('../../results/', import.meta.url));
const USAGE_EXIT_CODE = 2;

async function runBenchmark(quick: boolean, only: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const machine = describeMachine(Date.now());
  const { cpu, cores, memoryGb, kernel, node, redis, governor } = machine;
  console.log(`${cpu}, ${cores} cores, ${memoryGb} GB, governor ${governor}`);
  console.log(`${kernel}, Node ${node}, Redis ${redis}, commit ${machine.commit}, ${machine.date}`);
  const noise = noiseOf(machine);
  if (noise !== null) console.log(noise);
  const figures: FigureEnd[] = [];
  for (const figure of FIRST_LIGHT) {
    if (stop.signal.aborted || (only.length > 0 && !only.includes(figure.name))) continue;
    console.log(`\n${figure.name} …`);
    const say = (line: string): void => console.log(`  … ${line}`);
    const end = await runFigure(figure, { quick, say, signal: stop.signal });
    figures.push(end);
    console.log(tableOf(end));
  }
  const result = {
    format: 'holdfast.bench/1',
    benchmark: BENCHMARK,
    quick,
    machine,
    figures,
  } as const;
  console.log(`\nAll samples: ${await writeResult(RESULTS_FOLDER, result)}`);
  const good = figures.every(({ outcome }) => outcome === 'measured') && !stop.signal.aborted;
  return good ? 0 : 1;
}

const request = readArguments(
  process.argv.slice(2),
  FIRST_LIGHT.map(({ name }) => name),
);
if (request.kind === 'help') console.log(helpText(FIRST_LIGHT));
else if (request.kind === 'refused') {
  console.error(request.why);
  process.exitCode = USAGE_EXIT_CODE;
} else {
  // A figure that hangs in its clean-up must not keep the run from ending.
  process.exit(await runBenchmark(request.quick, request.only));
}
