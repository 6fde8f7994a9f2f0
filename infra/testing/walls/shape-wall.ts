import { basename } from 'node:path';
import { isToolConfig } from './places.ts';
import { type Breach, lineOf, type SourceFile } from './source-file.ts';
import { asNode, textOf, walk } from './syntax-tree.ts';

const FILE_LINES_MAX = 400;
const LUA_LINES_MAX = 80;
const FUNCTION_LINES_MAX = 70;

/** Names that say nothing of what is inside and so collect everything. */
const EMPTY_WORDS: ReadonlySet<string> = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'misc',
]);
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const SILENCED = /@ts-(ignore|expect-error|nocheck)|biome-(ignore)/;

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

/** Every file of the checkout, whatever it holds: its name. */
export function nameBreaches(path: string): Breach[] {
  const at = (message: string): Breach => ({ path, line: 1, message });
  const breaches: Breach[] = [];
  for (const part of path.split('/')) {
    const word = part.split(/[-._]/).find((piece) => EMPTY_WORDS.has(piece));
    if (word !== undefined) breaches.push(at(`"${word}" says nothing: name what is inside`));
  }
  const lua = path.endsWith('.lua');
  const name = lua ? basename(path).replaceAll('_', '-') : basename(path);
  if (!KEBAB_CASE.test(name)) breaches.push(at('file names are kebab-case'));
  return breaches;
}

export function luaBreaches(path: string, text: string): Breach[] {
  return tooLong(path, text, LUA_LINES_MAX);
}

/** Length of the file and of its functions, named exports only, nothing silenced. */
export function shapeBreaches(file: SourceFile): Breach[] {
  const { path, text } = file;
  const breaches = tooLong(path, text, FILE_LINES_MAX);
  walk(file.tree, (node) => {
    const line = lineOf(text, node);
    if (node.type === 'ExportDefaultDeclaration' && !isToolConfig(path)) {
      breaches.push({ path, line, message: 'exports have names' });
    }
    if (!FUNCTIONS.has(node.type)) return;
    const lines = text.slice(node.start, node.end).split('\n').length;
    if (lines > FUNCTION_LINES_MAX) {
      const name = textOf(asNode(node['id'])?.['name']) ?? 'a function';
      const message = `${name} has ${lines} lines, at most ${FUNCTION_LINES_MAX}`;
      breaches.push({ path, line, message });
    }
  });
  for (const [at, line] of text.split('\n').entries()) {
    if (SILENCED.test(line)) breaches.push({ path, line: at + 1, message: 'a check is silenced' });
  }
  return breaches;
}

function tooLong(path: string, text: string, linesMax: number): Breach[] {
  const lines = text.split('\n').length - 1;
  if (lines <= linesMax) return [];
  return [{ path, line: linesMax, message: `${lines} lines, at most ${linesMax}` }];
}
