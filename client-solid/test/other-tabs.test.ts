import { eventId } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { BasketView } from '../src/shop/basket.ts';
import { tellOtherTabs } from '../src/shop/other-tabs.ts';

const test = suite('other tabs of one shopper');
const EVENT = eventId('evening-show');

/** Only what makes a basket another one: the id and the revision of its hold. */
function basket(hold: { id: string; rev: number } | null): BasketView {
  const held = hold === null ? null : { hold, endsAtMs: 0 };
  // The rest of a hold is of no account to who is told of a change.
  return { known: true, held, adding: [], dropping: [], work: 'none' } as unknown as BasketView;
}

test('each change of the hold is said once; the same basket read again says nothing', () => {
  const said: string[] = [];
  const tabs = { say: (event: string) => void said.push(event), hear: () => () => undefined };
  const tell = tellOtherTabs(tabs, EVENT);
  tell({ ...basket(null), known: false });
  tell(basket(null));
  assert.is(said.length, 0, 'an empty basket at the start is no news');
  tell(basket({ id: 'one', rev: 1 }));
  tell(basket({ id: 'one', rev: 1 }));
  assert.is(said.length, 1);
  tell(basket({ id: 'one', rev: 2 }));
  tell(basket(null));
  tell(basket(null));
  assert.equal(said, [EVENT, EVENT, EVENT]);
});

test.run();
