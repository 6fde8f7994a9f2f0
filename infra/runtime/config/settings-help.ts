import { rowsOf } from './read-settings.ts';
import type { Program } from './settings-table.ts';

/** The help text of a program, generated from the settings table. `usage` is its first line. */
export function settingsHelp(program: Program, usage: string): string {
  const rows = rowsOf(program).map(([, row]) => {
    const value = row.kind.isSwitch ? '' : ` <${row.unit}>`;
    const fallback = row.kind.isSwitch || row.fallback === '' ? '' : ` [${row.fallback}]`;
    const env = row.env === null ? '' : ` (${row.env})`;
    return { left: `${row.flag}${value}`, right: `${row.help}${fallback}${env}`, kind: row.kind };
  });
  const width = Math.max(...rows.map((row) => row.left.length), '--help'.length);
  const lines = rows.map((row) => {
    const accepts = row.kind.isSwitch ? '' : `; takes ${row.kind.accepts}`;
    return `  ${row.left.padEnd(width)}  ${row.right}${accepts}`;
  });
  return [
    `Usage: ${usage}`,
    '',
    ...lines,
    `  ${'--help'.padEnd(width)}  this text`,
    '',
    'In [brackets]: what holds when nothing is given. In (parentheses): the environment variable',
    'of the same meaning; the command line wins.',
  ].join('\n');
}
