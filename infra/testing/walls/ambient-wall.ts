import { isHarness, isMain } from './places.ts';
import { type Breach, lineOf, type SourceFile } from './source-file.ts';
import { asNode, type Node, referenceOf, walk } from './syntax-tree.ts';

const CLOCK: ReadonlySet<string> = new Set([
  'Date.now',
  'performance.now',
  'process.hrtime',
  'process.hrtime.bigint',
  'process.uptime',
]);
const TIMERS: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'AbortSignal.timeout',
]);
const CHANCE: ReadonlySet<string> = new Set([
  'Math.random',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'crypto.randomUUID',
  'crypto.getRandomValues',
]);
const TIMER_MODULES: ReadonlySet<string> = new Set([
  'node:timers',
  'node:timers/promises',
  'node:perf_hooks',
]);

/** Who may take clock, timers and chance by himself; everybody else is handed an `Ambient`. */
function mayTakeThem(path: string): boolean {
  return isHarness(path) || isMain(path) || path.startsWith('infra/runtime/');
}

/** Whole services can run in a simulator because none of them takes the time by itself. */
export function ambientBreaches(file: SourceFile): Breach[] {
  if (mayTakeThem(file.path)) return [];
  const breaches: Breach[] = file.imports
    .filter(({ from, names }) => TIMER_MODULES.has(from) || names.some((name) => CHANCE.has(name)))
    .map(({ from, line }) => breach(file, line, from));
  walk(file.tree, (node, parent) => {
    const taken = nameOfTaken(node, parent);
    if (taken !== null) breaches.push(breach(file, lineOf(file.text, node), taken));
  });
  return breaches;
}

function breach(file: SourceFile, line: number, taken: string): Breach {
  return {
    path: file.path,
    line,
    message: `${taken}: take it from the Ambient that you are handed`,
  };
}

function nameOfTaken(node: Node, parent: Node | null): string | null {
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const callee = asNode(node['callee']);
    const isDate = callee !== null && referenceOf(callee, null) === 'Date';
    const given = node['arguments'];
    return isDate && Array.isArray(given) && given.length === 0 ? 'new Date()' : null;
  }
  const name = referenceOf(node, parent);
  const isTaken = name !== null && (CLOCK.has(name) || TIMERS.has(name) || CHANCE.has(name));
  return isTaken ? name : null;
}
