import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { reloadOnce } from '../src/shop/reload-once.ts';

const test = suite('reload once');

test('an outdated page reloads itself once, not for ever', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
  let reloads = 0;
  const reload = (): void => {
    reloads += 1;
  };
  assert.is(reloadOnce(storage, reload), true);
  assert.is(reloadOnce(storage, reload), false);
  assert.is(reloads, 1);
});

test('where nothing can be remembered the page never reloads itself', () => {
  const forbidden = (): never => {
    throw new Error('storage is forbidden');
  };
  assert.is(
    reloadOnce(forbidden, () => assert.unreachable('must not reload')),
    false,
  );
});

test.run();
