import { readdirSync, readFileSync } from 'node:fs';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { EVENT_KEYS } from '../../src/redis/keys.ts';
import { SCRIPTS, type ScriptShape } from '../../src/redis/script-table.ts';

const FOLDER = new URL('../../src/redis/scripts/', import.meta.url);
const LINES_MAX = 80;
const INCLUDE_LINES_MAX = 32;

const headers = suite('script headers');

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.lua'));

headers('every script of the table has its file and every file its row', () => {
  const names = files.map((name) => name.replace('.lua', ''));
  assert.equal(new Set(names), new Set(Object.keys(SCRIPTS)));
});

for (const file of files) {
  const name = file.replace('.lua', '');
  headers(`${name}: the header tells its callers the truth about KEYS, ARGV and OUTCOMES`, () => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const shape = shapeOf(name);
    assert.ok(text.startsWith(`-- ${name}: `), 'the first line says what it does');
    assert.equal(headerWords(text, 'KEYS'), shape.alarm ? ['event', 'alarm'] : ['event']);
    assert.equal(headerWords(text, 'ARGV'), [...shape.argv]);
    assert.equal(new Set(headerWords(text, 'OUTCOMES')), new Set(shape.outcomes));
    assert.equal(unpackedArguments(text), [...shape.argv], 'ARGV is named in the header order');
    assert.ok(text.split('\n').length <= LINES_MAX + 1, `at most ${LINES_MAX} lines`);
  });

  headers(`${name}: no outcome is answered that its header does not name`, () => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const answered = [...text.matchAll(/reply\('([a-z.-]+[a-z])'/g)].map((match) => match[1] ?? '');
    for (const outcome of answered) {
      assert.ok(shapeOf(name).outcomes.includes(outcome), `${name} answers ${outcome}`);
    }
  });
}

headers('event.lua names the keys in the order that every caller sends them', () => {
  const text = readFileSync(new URL('include/event.lua', FOLDER), 'utf8');
  const named = /^local ([A-Z, ]+), ALARM =/m.exec(text)?.[1]?.toLowerCase().split(', ');
  assert.equal(named, [...EVENT_KEYS]);
});

headers('an include is one step, short enough to read at a glance', () => {
  for (const file of readdirSync(new URL('include/', FOLDER))) {
    const text = readFileSync(new URL(`include/${file}`, FOLDER), 'utf8');
    assert.ok(text.split('\n').length <= INCLUDE_LINES_MAX, `${file} is too long`);
  }
});

headers.run();

function shapeOf(name: string): ScriptShape {
  const shape = Object.entries(SCRIPTS).find(([known]) => known === name)?.[1];
  if (shape === undefined) throw new Error(`no row for ${name}`);
  return shape;
}

function headerWords(text: string, field: string): string[] {
  const line = new RegExp(`^-- ${field}:(.*)$`, 'm').exec(text)?.[1];
  if (line === undefined) throw new Error(`no ${field} line`);
  return line.split(' ').filter((word) => word !== '');
}

function unpackedArguments(text: string): string[] {
  const names = /^local ([a-z_, ]+) = unpack\(ARGV\)$/m.exec(text)?.[1];
  return names === undefined ? [] : names.split(', ');
}
