import { parseArgs } from 'node:util';

/** What was asked for on the command line, or why it cannot be done. */
export type BenchRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'run';
      readonly quick: boolean;
      /** Names of figures; empty means all. */
      readonly only: readonly string[];
    };

export const BENCHMARK = 'first-light';

export function readArguments(argv: readonly string[], figures: readonly string[]): BenchRequest {
  const given = parse(argv);
  if (typeof given === 'string') return { kind: 'refused', why: given };
  if (given.help) return { kind: 'help' };
  const { names, only, quick } = given;
  if (names.length === 0) return refused(`Name the benchmark: npm run bench -- ${BENCHMARK}`);
  const [name, ...more] = names;
  if (name !== BENCHMARK) return refused(`There is no benchmark "${name}"; there is ${BENCHMARK}.`);
  if (more.length > 0) return refused(`One benchmark at a time; "${more[0]}" is too many.`);
  const unknown = only.find((figure) => !figures.includes(figure));
  if (unknown !== undefined) {
    return refused(`There is no figure "${unknown}"; there are ${figures.join(', ')}.`);
  }
  return { kind: 'run', quick, only };
}

function parse(
  argv: readonly string[],
): { help: boolean; quick: boolean; only: readonly string[]; names: readonly string[] } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
      },
    });
    const only = values.only.flatMap((names) => names.split(',')).filter((name) => name !== '');
    return { help: values.help, quick: values.quick, only, names: positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `${message.split('. ')[0]}; see npm run bench -- --help.`;
  }
}

function refused(why: string): BenchRequest {
  return { kind: 'refused', why };
}

export function helpText(
  figures: readonly { readonly name: string; readonly title: string }[],
): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return [
    `npm run bench -- ${BENCHMARK} [--quick] [--only NAME[,NAME]]`,
    '',
    'Measures Holdfast on this machine, on loopback only, and ends by itself.',
    '',
    '  --quick        small and short: the shape of each figure, not the figure',
    '  --only NAME    only these figures (may be repeated)',
    '  --help         this text',
    '',
    'Figures:',
    ...figures.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`),
    '',
    'Prints every figure and writes all samples with the description of the machine to',
    'perf/results/. Exit code 0 when every figure was measured and all of its checks passed.',
    'A ratio is withheld when its peer was unsteady; close other programs and run again.',
  ].join('\n');
}
