import { type Chart, SEAT_STATE_NAMES, SeatState } from '@holdfast/db/model';
import type { Shop } from '../shop/shop.ts';
import type { MoneyFormat } from './money.ts';
import { seatWords } from './words.ts';

type Around = { readonly shop: Shop; readonly chart: Chart; readonly money: MoneyFormat };

/** What a seat is, for the shopper who points at it or moves the keyboard cursor onto it. */
export type SeatFacts = {
  readonly where: string;
  readonly category: string;
  readonly price: string;
  /** `available`, `yours`, `held`, … */
  readonly standing: string;
  /** `wheelchair place`, `companion seat`, or ''. */
  readonly kind: string;
};

export function seatFacts(seat: number, { shop, chart, money }: Around): SeatFacts {
  const name = shop.names.nameOf(seat);
  const place = shop.names.placeOf(seat);
  const category = chart.categories[place.category];
  const mine = shop.basket().held?.hold.seats.includes(name.label) ?? false;
  const state = shop.seats.stateOf(seat);
  return {
    where: seatWords(name),
    category: category?.name ?? '',
    price: category === undefined ? '' : money(category.price),
    standing: mine ? 'yours' : STANDING[SEAT_STATE_NAMES[state]],
    kind: place.accessible ? 'wheelchair place' : place.companion ? 'companion seat' : '',
  };
}

const STANDING = {
  available: 'available',
  held: 'held by others',
  booked: 'sold',
  blocked: 'not for sale',
} as const;

/** One sentence for a screen reader. */
export function seatSummary(seat: number, around: Around): string {
  const facts = seatFacts(seat, around);
  const price = around.shop.seats.stateOf(seat) === SeatState.available ? facts.price : '';
  const parts = [facts.where, facts.category, price, facts.kind, facts.standing];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}
