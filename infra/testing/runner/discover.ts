import { globSync } from 'node:fs';
import { type Kind, kindOf } from './kinds.ts';

export type TestFile = { readonly path: string; readonly kind: Kind };

export type Choice = {
  /** A file is taken when its path contains one of these; none means all. */
  readonly patterns: readonly string[];
  readonly kinds: readonly Kind[];
};

/** Test files below `<workspace>/test/`, by path, relative to `root`. */
export function discover(root: string, choice: Choice): TestFile[] {
  const found = globSync('*/test/**/*.test.{ts,tsx}', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  });
  return found
    .map((path) => ({ path, kind: kindOf(path) }))
    .filter(({ path, kind }) => choice.kinds.includes(kind) && matches(path, choice.patterns))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

export function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => name.includes(pattern));
}
