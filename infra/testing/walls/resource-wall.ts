import { isHarness, isMain } from './places.ts';
import { type Breach, lineOf, type SourceFile } from './source-file.ts';
import { asNode, type Node, referenceOf, walk } from './syntax-tree.ts';

const CONNECTING_CALLS: ReadonlySet<string> = new Set(['openRedis', 'Redis.createClient', 'fetch']);
const CONNECTING_CLASSES: ReadonlySet<string> = new Set(['Redis', 'Cluster', 'WebSocket']);

/**
 * Two things are taken only where a process begins, and handed on from there: the environment (read
 * once, by `infra/runtime/config`) and connections (opened by a `main.ts`).
 */
export function resourceBreaches(file: SourceFile): Breach[] {
  if (isHarness(file.path)) return [];
  const breaches: Breach[] = [];
  const mayReadEnvironment = file.path.startsWith('infra/runtime/config/');
  const mayConnect = isMain(file.path) || file.path.startsWith('infra/runtime/');
  const isOfDb = file.path.startsWith('db/src/') && !isMain(file.path);
  const isPage = file.path.startsWith('client-solid/');
  walk(file.tree, (node, parent) => {
    const message =
      (mayReadEnvironment ? null : environmentIn(node, parent)) ??
      (mayConnect || isPage ? null : connectionIn(node)) ??
      (isOfDb ? logIn(node, parent) : null);
    if (message !== null) {
      breaches.push({ path: file.path, line: lineOf(file.text, node), message });
    }
  });
  const envImport = file.imports.find(
    ({ from, names }) => /^(node:)?process$/.test(from) && names.includes('env'),
  );
  if (envImport !== undefined && !mayReadEnvironment) {
    breaches.push({ path: file.path, line: envImport.line, message: ENVIRONMENT });
  }
  return breaches;
}

const ENVIRONMENT = 'process.env: settings are read once, by infra/runtime/config';

function environmentIn(node: Node, parent: Node | null): string | null {
  if (referenceOf(node, parent) === 'process.env') return ENVIRONMENT;
  // const { env } = process
  if (node.type !== 'VariableDeclarator' || asNode(node['id'])?.type !== 'ObjectPattern')
    return null;
  const source = asNode(node['init']);
  const takes = JSON.stringify(node['id']).includes('"name":"env"');
  return takes && source !== null && referenceOf(source, null) === 'process' ? ENVIRONMENT : null;
}

function connectionIn(node: Node): string | null {
  const callee = asNode(node['callee']);
  const name = callee === null ? null : referenceOf(callee, null);
  if (name === null) return null;
  const opens =
    node.type === 'NewExpression' ? CONNECTING_CLASSES.has(name) : CONNECTING_CALLS.has(name);
  return opens ? `${name}: only a main.ts opens connections and hands them in` : null;
}

function logIn(node: Node, parent: Node | null): string | null {
  const name = referenceOf(node, parent);
  return name?.startsWith('console.') === true ? `${name}: db writes no log` : null;
}
