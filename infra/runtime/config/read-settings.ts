import type { z } from 'zod';
import { parseCommandLine } from './command-line.ts';
import { SettingError } from './setting-error.ts';
import { type Program, SETTINGS, type Setting } from './settings-table.ts';

type Table = typeof SETTINGS;

/** The settings that program `P` reads: name -> value of the row's type. For a union: what all of it reads. */
export type Settings<P extends Program> = {
  readonly [Name in keyof Table as [P] extends [Table[Name]['readers'][number]]
    ? Name
    : never]: z.output<Table[Name]['kind']['schema']>;
};

/** Where settings come from; a test hands in its own. */
export type SettingsSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without the program's own path. */
  readonly argv: readonly string[];
};

type AnyRow = Setting<unknown, readonly Program[]>;

const SHOWN_LENGTH_MAX = 80;

/** This process's environment and arguments: the only place that reads `process.env`. */
export function processSource(): SettingsSource {
  return { env: process.env, argv: process.argv.slice(2) };
}

/** The rows that a program reads, in the table's order. */
export function rowsOf(program: Program): readonly (readonly [string, AnyRow])[] {
  const rows: [string, AnyRow][] = Object.entries(SETTINGS);
  return rows.filter(([, row]) => row.readers.includes(program));
}

/**
 * Reads all settings of a program. Command line beats environment beats fallback; an empty
 * environment variable counts as not given. Throws `SettingError` with one sentence.
 */
export function readSettings<P extends Program>(program: P, source: SettingsSource): Settings<P> {
  const rows = rowsOf(program);
  const forms = rows.map(([, row]) => ({ flag: row.flag, isSwitch: row.kind.isSwitch }));
  const flags = parseCommandLine(source.argv, forms);
  const values: Record<string, unknown> = {};
  for (const [name, row] of rows) {
    values[name] = readOne(row, flags.get(row.flag), row.env === null ? '' : source.env[row.env]);
  }
  // Exactly the rows that list `program` were read, each through its own schema: the mapped type.
  return values as Settings<P>;
}

function readOne(row: AnyRow, flag: string | undefined, env: string | undefined): unknown {
  const given = flag ?? (env === '' ? undefined : env);
  const read = row.kind.schema.safeParse(given ?? row.fallback);
  if (read.success) return read.data;
  const shown = row.secret ? 'an address that is not shown here' : quoted(given ?? row.fallback);
  const other = flag === undefined ? row.flag : row.env;
  const name = `${flag === undefined ? row.env : row.flag}${other === null ? '' : ` (${other})`}`;
  throw new SettingError(
    'setting.invalid',
    `${name} was given as ${shown}, but it takes ${row.kind.accepts}.`,
  );
}

function quoted(given: string): string {
  const cut = given.length > SHOWN_LENGTH_MAX ? `${given.slice(0, SHOWN_LENGTH_MAX)}…` : given;
  return JSON.stringify(cut);
}
