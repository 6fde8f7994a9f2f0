import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  DEFAULT_POLICY,
  type EventId,
  isEventId,
  LINE_PATTERN,
  POLICY_BOUNDS,
  POLICY_FIELDS,
  type Policy,
  type PolicyChanges,
} from '@holdfast/db/model';
import { z } from 'zod';
import { NAME_LENGTH_MAX } from '../limits.ts';

/** The command line of `npm run event:create`: read, checked, and explained. */

export type Request = {
  readonly chartFile: string;
  readonly name: string;
  readonly startsAt: string;
  readonly id: EventId | null;
  readonly venue: string | null;
  readonly prices: ReadonlyMap<string, string>;
  readonly currency: string | null;
  readonly open: boolean;
  readonly policy: PolicyChanges;
  readonly catalogueFile: string;
};

/** A command line that cannot be followed; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

type PolicyKey = keyof Policy;

const POLICY_HELP: { readonly [Key in PolicyKey]: string } = {
  holdTtlMs: 'length of a fresh hold',
  extendMs: 'what an extension gives at least, from now',
  maxExtensions: 'extensions of one hold',
  maxTotalMs: 'from placing a hold to its last possible end',
  maxSeats: 'seats in one hold',
  ownerBudgetMs: 'seat-milliseconds one shopper may hold without buying, 0 without limit',
  addressBudgetMs:
    'the same for all shoppers behind one address, unless given at most the hall for one hold',
  budgetRefillMs: 'time in which a spent budget is whole again',
};

/** `holdTtlMs` is the flag `policy-hold-ttl-ms`. */
function policyFlag(key: PolicyKey): string {
  return `policy-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function policyHelp(key: PolicyKey): string {
  const range = POLICY_BOUNDS[key].join(' to ');
  return `  --${policyFlag(key)} N\n                     ${POLICY_HELP[key]}: ${range}, ${DEFAULT_POLICY[key]} by default`;
}

const OPTIONS = {
  chart: { type: 'string' },
  name: { type: 'string' },
  starts: { type: 'string' },
  id: { type: 'string' },
  venue: { type: 'string' },
  price: { type: 'string', multiple: true },
  currency: { type: 'string' },
  open: { type: 'boolean' },
  data: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const POLICY_OPTIONS = Object.fromEntries(
  POLICY_FIELDS.map((key) => [policyFlag(key), { type: 'string' as const }]),
);

export const HELP = `Creates an event from a seating plan.

  npm run event:create -- --chart FILE --name NAME --starts TIME [options]

  --chart FILE       plan in Holdfast's own format (see db/venues) or in pretix's JSON format
  --name NAME        name of the show
  --starts TIME      when it starts, with its time zone: 2027-05-01T19:30:00+01:00
  --id ID            small letters, digits and dashes, at most 40; by default made from venue and name
  --venue NAME       by default the plan's name
  --price "CAT=45.00"
                     price of a category, once for each; pretix plans carry none
  --currency CODE    for plans without one, such as GBP; EUR by default
  --open             open the sale at once; otherwise the event is a draft
  --data DIR         folder of the installation, .holdfast by default
${POLICY_FIELDS.map(policyHelp).join('\n')}
  --help             this text

CATALOGUE_FILE in the environment names the catalogue file itself.
`;

/** Reads the arguments; null asks for the help. Throws `UsageError`. */
export function readRequest(
  argv: readonly string[],
  catalogueFile: string | undefined,
): Request | null {
  const values = parse(argv);
  if (values['help'] === true) return null;
  const id = text(values, 'id');
  if (id !== null && !isEventId(id)) {
    throw new UsageError(
      `--id ${id} does not fit; it takes small letters, digits and dashes, at most 40`,
    );
  }
  return {
    chartFile: required(values, 'chart', 'a plan file, such as db/venues/theatre.json'),
    name: named(required(values, 'name', 'the name of the show'), 'name'),
    startsAt: instant(required(values, 'starts', 'a time such as 2027-05-01T19:30:00+01:00')),
    id,
    venue: values['venue'] === undefined ? null : named(text(values, 'venue') ?? '', 'venue'),
    prices: prices(values['price']),
    currency: text(values, 'currency'),
    open: values['open'] === true,
    policy: policy(values),
    catalogueFile: catalogueIn(text(values, 'data'), catalogueFile),
  };
}

/** `--data` beats the environment, which beats the folder that `npm start` uses. */
function catalogueIn(folder: string | null, file: string | undefined): string {
  if (folder === null && file !== undefined && file !== '') return file;
  // The default folder may be filled before the first start; another one was probably misspelt.
  if (folder !== null && !existsSync(folder)) {
    throw new UsageError(`--data ${folder} is no folder; start there first, or check the path`);
  }
  return join(folder ?? '.holdfast', 'catalogue.sqlite');
}

type Values = { readonly [flag: string]: unknown };

function parse(argv: readonly string[]): Values {
  try {
    return parseArgs({ args: [...argv], options: { ...OPTIONS, ...POLICY_OPTIONS } }).values;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'cannot be read';
    throw new UsageError(`${problem.split('. ')[0] ?? problem}; --help shows what there is`, {
      cause,
    });
  }
}

function text(values: Values, flag: string): string | null {
  const value = values[flag];
  return typeof value === 'string' ? value : null;
}

function required(values: Values, flag: string, what: string): string {
  const value = text(values, flag);
  if (value === null || value === '') throw new UsageError(`--${flag} is missing; give ${what}`);
  return value;
}

function named(value: string, flag: string): string {
  const fits = value.length > 0 && value.length <= NAME_LENGTH_MAX;
  if (fits && LINE_PATTERN.test(value)) return value;
  throw new UsageError(`--${flag} must be one line of 1 to ${NAME_LENGTH_MAX} characters`);
}

function instant(value: string): string {
  if (!z.iso.datetime({ offset: true }).safeParse(value).success) {
    throw new UsageError(
      `--starts ${value} is not a day and time with a time zone; write 2027-05-01T19:30:00+01:00`,
    );
  }
  return new Date(value).toISOString();
}

/** `Stalls=45.00` once for each category; a name may contain `=`, a price may not. */
function prices(values: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const value of Array.isArray(values) ? values : []) {
    const written = String(value);
    const at = written.lastIndexOf('=');
    if (at < 1) {
      throw new UsageError(`--price ${written} does not fit; write --price "Stalls=45.00"`);
    }
    found.set(written.slice(0, at).trim(), written.slice(at + 1).trim());
  }
  return found;
}

/** Only what was given: the rest depends on the plan. */
function policy(values: Values): PolicyChanges {
  const given: Partial<Record<PolicyKey, number>> = {};
  for (const key of POLICY_FIELDS) {
    const written = text(values, policyFlag(key));
    if (written === null) continue;
    const [least, most] = POLICY_BOUNDS[key];
    const value = Number(written);
    if (!/^[0-9]{1,13}$/.test(written) || value < least || value > most) {
      throw new UsageError(
        `--${policyFlag(key)} ${written} does not fit; it goes from ${least} to ${most}`,
      );
    }
    given[key] = value;
  }
  return given;
}
