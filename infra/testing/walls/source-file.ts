import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { asNode, type Node, textOf, walk } from './syntax-tree.ts';

/** A source file of the checkout, parsed once for all walls. */
export type SourceFile = {
  /** From the checkout's root: `db/src/model/ids.ts`. */
  readonly path: string;
  readonly text: string;
  readonly tree: Node;
  readonly imports: readonly Import[];
};

export type Import = {
  /** As written: `./ids.ts`, `@holdfast/db/model`, `node:fs`. */
  readonly from: string;
  /** The names as the other side exports them; empty for `import('x')` and `export * from 'x'`. */
  readonly names: readonly string[];
  readonly isTypeOnly: boolean;
  readonly isReExport: boolean;
  readonly line: number;
};

/** Where a file stands against a rule. */
export type Breach = {
  readonly path: string;
  readonly line: number;
  readonly message: string;
};

const WORKSPACES = '{realtime-hub,booking-api,expiry-worker,client-solid,infra,db,perf}';

/** Every source file of every workspace. */
export function readSourceFiles(root: string): SourceFile[] {
  const exclude = ['**/node_modules/**', '**/dist/**'];
  const paths = globSync(`${WORKSPACES}/**/*.{ts,tsx,mjs}`, { cwd: root, exclude });
  return paths.sort().map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
}

export function parseSource(path: string, text: string): SourceFile {
  const lang = path.endsWith('.tsx') ? 'tsx' : 'ts';
  const tree = asNode(parseAst(text, { lang, astType: 'ts' }, path));
  if (tree === null) throw new TypeError(`${path} has no syntax tree`);
  return { path, text, tree, imports: readImports(tree, text) };
}

export function lineOf(text: string, node: Node): number {
  return text.slice(0, node.start).split('\n').length;
}

function readImports(tree: Node, text: string): Import[] {
  const imports: Import[] = [];
  walk(tree, (node) => {
    const from = textOf(asNode(node['source'])?.['value']);
    if (from === null || !IMPORTING.has(node.type)) return;
    const parts = childrenOf(node, 'specifiers');
    const isType = (part: Node): boolean =>
      part['importKind'] === 'type' || part['exportKind'] === 'type';
    imports.push({
      from,
      names: parts.map((part) => nameOf(part['imported'] ?? part['local'])),
      isTypeOnly:
        node.type === 'TSImportType' || isType(node) || (parts.length > 0 && parts.every(isType)),
      isReExport: node.type.startsWith('Export'),
      line: lineOf(text, node),
    });
  });
  return imports;
}

const IMPORTING: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function childrenOf(node: Node, key: string): Node[] {
  const children = node[key];
  if (!Array.isArray(children)) return [];
  return children.map(asNode).filter((child) => child !== null);
}

function nameOf(value: unknown): string {
  const node = asNode(value);
  return textOf(node?.['name']) ?? textOf(node?.['value']) ?? '';
}
