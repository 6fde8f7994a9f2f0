import { processSource } from '@holdfast/infra/runtime';
import { CatalogueError } from '../../catalogue/catalogue.ts';
import { openSqliteCatalogue } from '../../catalogue/sqlite-catalogue.ts';
import { ChartError } from '../chart-error.ts';
import { HELP, readRequest, UsageError } from './arguments.ts';
import { type CreateOutcome, createEvent } from './create-event.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** What the command is given from outside, so that tests can run it in their own process. */
export type Surroundings = {
  readonly argv: readonly string[];
  readonly catalogueFile: string | undefined;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
};

/** `npm run event:create`; returns the exit code. */
export async function main(surroundings: Surroundings): Promise<number> {
  try {
    return await run(surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      surroundings.complain(error.message);
      return EXIT_USAGE;
    }
    if (error instanceof ChartError || error instanceof CatalogueError) {
      surroundings.complain(`No event was created: ${error.message}`);
      return EXIT_FAILED;
    }
    throw error;
  }
}

async function run({ argv, catalogueFile, print, complain }: Surroundings): Promise<number> {
  const request = readRequest(argv, catalogueFile);
  if (request === null) {
    print(HELP);
    return 0;
  }
  const catalogue = await openSqliteCatalogue(request.catalogueFile);
  try {
    const result = await createEvent(catalogue, request);
    if (result.outcome === 'created') {
      print(report(result));
      return 0;
    }
    complain(`No event was created: "${result.id}" exists already; name another one with --id`);
    return EXIT_FAILED;
  } finally {
    await catalogue.close();
  }
}

const DRAFT_HINT =
  '  shoppers do not see a draft: an operator opens it (POST /v1/events/:event/sale), or --open does at once';

function report({
  event,
  chart,
  warnings,
}: Extract<CreateOutcome, { outcome: 'created' }>): string {
  const seats = event.seatCount.toLocaleString('en');
  return [
    `Created event ${event.id}: ${event.name}, ${event.venue}, ${event.startsAt}`,
    `  ${seats} seats in ${chart.sections.length} sections, chart ${event.chartHash}, sale ${event.sale}`,
    ...(event.sale === 'draft' ? [DRAFT_HINT] : []),
    ...warnings.map((warning) => `  warning: ${warning}`),
  ].join('\n');
}

if (import.meta.main) {
  const { argv, env } = processSource();
  process.exitCode = await main({
    argv,
    catalogueFile: env['CATALOGUE_FILE'],
    print: console.log,
    complain: console.error,
  });
}
