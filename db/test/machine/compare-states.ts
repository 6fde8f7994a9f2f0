import type { EventState } from '@holdfast/db/model';
import { stateOfHolder } from '@holdfast/db/model';
import type { StoredEvent } from '@holdfast/db/redis';
import * as assert from 'uvu/assert';

/** Fails where Redis and the model differ in anything they keep of an event. */
export function assertSameState(stored: StoredEvent, model: EventState): void {
  if (model.epoch === '0') {
    assert.equal(stored.meta, {}, 'an event that was never loaded has no keys');
    return;
  }
  const { epoch, offset, chain } = model;
  assert.equal(stored.position, { epoch, offset, chain }, 'position');
  assert.is(Number(stored.meta['shift']), model.shiftMs, 'shift');
  assert.is(stored.meta['clock'], model.clock, 'how the clock is set');
  assert.is(Number(stored.meta['sweptAt']), model.sweptAtMs, 'sweptAt');
  assert.is(stored.meta['sale'], model.sale, 'sale');
  assert.is(Number(stored.meta['version']), model.version, 'version');
  assert.is(stored.meta['chartHash'], model.chartHash, 'chart hash');
  assert.is(stored.meta['loading'], model.loading?.token, 'loading token');
  assert.equal(sorted(stored.holders), sorted(model.holders), 'seats hash');
  assert.equal([...stored.map], mapOf(model), 'map bytes');
  assert.equal(sorted(stored.holds), sorted(model.holds), 'hold records');
  assert.equal([...stored.owned].sort(), [...model.owned].sort(), 'owned');
  assert.equal(sorted(stored.due), sorted(model.due), 'due index');
  assert.equal(sorted(stored.ended), sorted(model.ended), 'ended');
  const idem = [...model.idem].map(([field, { holdId, bodyHash }]) => [
    field,
    `${holdId}|${bodyHash}`,
  ]);
  assert.equal(sorted(stored.idem), sorted(new Map(idem.map(([k, v]) => [k ?? '', v]))), 'idem');
  assert.equal(sorted(stored.budgets), sorted(model.budgets), 'budgets');
  // What came before the first record kept is not stored once older ones are trimmed.
  const [first, ...rest] = model.feed;
  const kept = first === undefined ? [] : [{ ...first, prev: stored.feed[0]?.prev }, ...rest];
  assert.equal(stored.feed, kept, 'feed');
}

function sorted<K, V>(map: ReadonlyMap<K, V>): [K, V][] {
  return [...map].sort(([a], [b]) => (`${a}` < `${b}` ? -1 : 1));
}

function mapOf(model: EventState): number[] {
  return Array.from({ length: model.seatCount }, (_, seat) =>
    stateOfHolder(model.holders.get(seat) ?? ''),
  );
}
