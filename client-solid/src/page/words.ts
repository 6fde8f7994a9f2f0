import type { SaleState } from '@holdfast/db/model';
import type { ConnectionState } from '@holdfast/realtime-hub/viewer';
import type { SeatName, SeatNames } from '../map/seat-names.ts';
import type { ShopNews } from '../shop/shop-news.ts';

/** Every sentence of the shop that depends on what happened, in one place and without a DOM. */
export type Words = { readonly text: string; readonly tone: 'info' | 'warn' };

/** What a piece of news says to the shopper, and what to do next. */
export function wordsOf(news: ShopNews, names: SeatNames): Words {
  switch (news.kind) {
    case 'taken':
      return warn(
        `Somebody was faster: ${listSeats(news.seats, names)} ${isOrAre(news.seats)} taken. ` +
          'The rest of your basket is as it was. Please choose another.',
      );
    case 'lost':
      return warn(
        `${listSeats(news.seats, names)} went to an earlier booking and left your basket.`,
      );
    case 'ended':
      return warn(ENDED[news.why]);
    case 'too-many':
      return info(`You can hold ${news.most} seats at most. Give one back to choose another.`);
    case 'not-on-sale':
      return info(SALE[news.sale]);
    case 'not-free':
      return info(`${listSeats([news.seat], names)} is not available. It may come free again.`);
    case 'unsettled':
      return warn('The shop did not answer. Your basket is being checked, please wait a moment.');
    case 'refused':
      return refusal(news);
  }
}

function refusal({ problem }: Extract<ShopNews, { kind: 'refused' }>): Words {
  switch (problem.code) {
    case 'rate.limited':
      return warn('That was a lot at once. Please wait a few seconds and try again.');
    case 'budget.spent':
      return warn(`${problem.detail} ${whenAgain(problem.retryAfterMs ?? 0)}`.trim());
    case 'sale.closed':
      return info(SALE[problem.sale ?? 'closed']);
    case 'extend.limit':
      return info('Your time cannot be extended any further.');
    case 'chart.changed':
      return warn('The seating plan has changed. Please reload the page.');
    case 'event.loading':
      return warn('The event is being prepared. Please try again in a moment.');
    default:
      return warn(`${problem.title}. ${problem.advice}`);
  }
}

const MINUTE_MS = 60_000;

function whenAgain(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE_MS);
  return minutes <= 1
    ? 'Please try again in a minute.'
    : `Please try again in ${minutes} minutes, or buy what you hold.`;
}

const ENDED = {
  expired: 'Your time is over and the seats are free again. You can choose anew.',
  revoked: 'The organiser has taken your seats back. You can choose others.',
  forgotten:
    'A fault in the shop has lost your basket, and its seats are free again. We are sorry. Please choose anew.',
  gone: 'Your basket has ended, here or in another window. You can choose anew.',
} as const;

const SALE: Readonly<Record<SaleState, string>> = {
  draft: 'The sale has not started yet.',
  open: 'Seats are on sale.',
  paused: 'The sale is paused. What you hold stays yours until its time ends.',
  closed: 'The sale is closed.',
};

/** A banner for everybody while nothing new can be held; null when there is nothing to say. */
export function saleBanner(sale: SaleState): string | null {
  return sale === 'open' ? null : SALE[sale];
}

/** The badge that keeps the connection in sight; `checking` counts sections that may be wrong. */
export function connectionWords(
  state: ConnectionState,
  checking: number,
): { label: string; detail: string } {
  switch (state.kind) {
    case 'live':
      return { label: 'Live', detail: 'Every change shows at once.' };
    case 'catching-up':
      if (checking > 0) {
        return {
          label: `Checking ${checking} ${checking === 1 ? 'section' : 'sections'}`,
          detail: 'Some seats may be out of date and are being asked for anew.',
        };
      }
      return { label: 'Catching up', detail: 'The newest changes are on their way.' };
    case 'unverified':
      return {
        label: 'Not up to date',
        detail: 'The shop does not answer at the moment. Seats are shown as they were last known.',
      };
    case 'offline':
      return { label: 'Offline', detail: 'No connection. Trying again by itself.' };
    case 'outdated':
      return { label: 'Outdated', detail: 'Please reload the page.' };
    case 'refused':
      return { label: 'Not connected', detail: state.refusal.message };
  }
}

/** `Stalls, row C, seat 7` */
export function seatWords(name: SeatName): string {
  const row = name.row === '' ? '' : `, row ${name.row}`;
  return `${name.section}${row}, seat ${name.number}`;
}

function listSeats(labels: readonly string[], names: SeatNames): string {
  const known = labels.map((label) => {
    const seat = names.seatOf(label);
    return seat < 0 ? label : seatWords(names.nameOf(seat));
  });
  return known.join(' and ');
}

function isOrAre(seats: readonly string[]): string {
  return seats.length === 1 ? 'is' : 'are';
}

function info(text: string): Words {
  return { text, tone: 'info' };
}

function warn(text: string): Words {
  return { text, tone: 'warn' };
}
