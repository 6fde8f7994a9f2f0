import { fileURLToPath } from 'node:url';
import { suite, testSeed } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { isHarness } from '../testing/walls/places.ts';
import { readSourceFiles } from '../testing/walls/source-file.ts';
import { asNode, walk } from '../testing/walls/syntax-tree.ts';

/**
 * A regular expression that backtracks can be made to run for minutes by a text of a few bytes. Each
 * one of the shipped sources is given texts that it matches, or nearly so, with one part repeated and
 * an end that does not fit: what must be tried in many ways then is tried in all of them. The texts
 * grow step by step, so that an exponential one is caught before it stops this process.
 */

const test = suite('regular expressions');
const root = fileURLToPath(new URL('../..', import.meta.url));

/** More than any text has when it reaches an expression: names, headers, bodies of 16 KiB. */
const LENGTHS = [16, 22, 28, 100, 1_000, 4_000, 16_000];
/** A linear expression takes well under 1 ms for the longest text. */
const LIMIT_MS = 25;
const SAMPLES = 12;
/** Characters whose repetition suits most classes. */
const COMMON = ['a', 'A', '0', '-', '_', '.', ' ', '/', '\n', '"', ':', '=', '[', '@', '+'];
const MISFITS = ['\u0000', '!', '\n\u0001'];

type Expression = { readonly where: string; readonly regexp: RegExp };

function shippedExpressions(): Expression[] {
  const found = new Map<string, Expression>();
  for (const file of readSourceFiles(root)) {
    if (isHarness(file.path)) continue;
    walk(file.tree, (node) => {
      const literal = asNode(node)?.['regex'];
      if (typeof literal !== 'object' || literal === null) return;
      const pattern: unknown = Reflect.get(literal, 'pattern');
      const flags: unknown = Reflect.get(literal, 'flags');
      if (typeof pattern !== 'string' || typeof flags !== 'string') return;
      const regexp = new RegExp(pattern, flags.replace('y', ''));
      found.set(`${regexp}`, { where: file.path, regexp });
    });
  }
  return [...found.values()];
}

/** Texts that match, as far as they can be made from the expression. */
function matchesOf(regexp: RegExp, seed: number): string[] {
  try {
    return fc.sample(fc.stringMatching(regexp), { numRuns: SAMPLES, seed });
  } catch {
    return []; // what it cannot read, such as \p{...}, is left to the common characters
  }
}

/** Beginning and repeated part of each attack. */
function pumpsOf(regexp: RegExp, seed: number): [string, string][] {
  const pumps: [string, string][] = COMMON.map((character) => ['', character]);
  for (const match of matchesOf(regexp, seed)) {
    for (const length of [1, 2, 5]) {
      for (let at = 0; at < Math.min(match.length, 12); at += length) {
        pumps.push([match.slice(0, at), match.slice(at, at + length)]);
      }
    }
    for (const character of COMMON) pumps.push([match.slice(0, match.length >> 1), character]);
  }
  return pumps;
}

/** The first attack that takes too long, told with how long; null when there is none. */
function slowAttack(regexp: RegExp, seed: number): string | null {
  for (const [beginning, part] of pumpsOf(regexp, seed)) {
    for (const length of LENGTHS) {
      const body = beginning + part.repeat(Math.ceil(length / part.length));
      for (const misfit of MISFITS) {
        const tookMs = leastMs(regexp, body + misfit);
        if (tookMs > LIMIT_MS) return `${JSON.stringify(part)} x ${length}: ${tookMs} ms`;
      }
    }
  }
  return null;
}

/** The least of up to three: a machine that does something else meanwhile is no fault of the expression. */
function leastMs(regexp: RegExp, text: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 3 && least > LIMIT_MS; turn += 1) {
    const startedMs = performance.now();
    text.replace(regexp, '');
    least = Math.min(least, performance.now() - startedMs);
  }
  return least;
}

test('security 20: no regular expression of the shipped sources can be made to backtrack for long', () => {
  const seed = testSeed('regexps');
  const expressions = shippedExpressions();
  assert.ok(expressions.length >= 50, `only ${expressions.length} found`);
  const slow = expressions.flatMap(({ where, regexp }) => {
    const attack = slowAttack(regexp, seed);
    return attack === null ? [] : [`${where} ${regexp}: ${attack}`];
  });
  assert.equal(slow, []);
});

test('security 20: expressions that are known to backtrack are found out', () => {
  for (const bad of [/^(a+)+$/, /^([a-z0-9]+-?)*$/, /(\d+)*x/, /^(a|a)*b$/, /-+$/]) {
    assert.is.not(slowAttack(bad, 1), null, `${bad}`);
  }
});

test.run();
