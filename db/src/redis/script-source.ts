import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SCRIPTS, type ScriptName } from './script-table.ts';

/**
 * Lua text as it is sent to Redis: each `-- @include a b` line is replaced by the files of
 * `scripts/include`, in that order. The text is constant; values travel in KEYS and ARGV only.
 */
export type ScriptSource = { readonly text: string; readonly sha1: string };

const SCRIPTS_FOLDER = new URL('./scripts/', import.meta.url);
const INCLUDE_LINE = /^-- @include (.+)$/m;

export function readScript(name: ScriptName): ScriptSource {
  return sourceOf(expandIncludes(readLua(`${name}.lua`)));
}

/** Wraps a text as a source; a test's wiring uses it to run a deliberately broken script. */
export function sourceOf(text: string): ScriptSource {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** All scripts, read once. */
export function readAllScripts(): Record<ScriptName, ScriptSource> {
  const entries = Object.keys(SCRIPTS).map((name) => [name, readScript(name as ScriptName)]);
  // The keys of SCRIPTS are the names, each mapped above.
  return Object.fromEntries(entries) as Record<ScriptName, ScriptSource>;
}

function expandIncludes(text: string): string {
  return text.replace(INCLUDE_LINE, (_, names: string) =>
    names
      .split(' ')
      .map((include) => readLua(`include/${include}.lua`))
      .join(''),
  );
}

function readLua(path: string): string {
  return readFileSync(new URL(path, SCRIPTS_FOLDER), 'utf8');
}
