import { type HoldId, isHoldId, type SaleState, SeatState } from '@holdfast/db/model';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import { type Accessor, createSignal } from 'solid-js';
import type { SeatMap } from '../map/seat-map.ts';
import { createSeatNames, type SeatNames } from '../map/seat-names.ts';
import { Basket, type BasketView } from './basket.ts';
import { createCountdown, type TimeLeft } from './countdown.ts';
import { createHoldCalls } from './hold-calls.ts';
import { tellOtherTabs } from './other-tabs.ts';
import { type SeatWatch, watchSeats } from './seat-watch.ts';
import type { ShopNews } from './shop-news.ts';
import type { ShowWithChart, Site } from './site.ts';

/**
 * One shopper at one show: what they see and what they hold. Solid knows the basket, the clock and
 * the connection as signals; seats go straight from the viewer to the map.
 */
export type Shop = {
  readonly names: SeatNames;
  readonly basket: Accessor<BasketView>;
  readonly timeLeft: Accessor<TimeLeft | null>;
  readonly seats: Pick<
    SeatWatch,
    'connection' | 'checking' | 'sale' | 'pictured' | 'stateOf' | 'freeAmong'
  >;
  /** From now on the map shows what the viewer and the basket say. */
  attachMap(map: SeatMap): void;
  /** A seat was tapped: into the basket, out of it, or a word about why not. */
  choose(seat: number): void;
  extend(): void;
  release(): void;
  /** Whether more time would move the deadline now; asking earlier would only use up an extension. */
  canGainTime(): boolean;
  /** Somebody looks again: connect and read the basket at once. */
  wake(): void;
  /** The browser says whether it has a network. */
  noteNetwork(up: boolean): void;
  stop(): void;
};

export type ShopListener = {
  /** What the shopper should hear of. */
  news(news: ShopNews): void;
  /** The page or the chart is older than what the hub has. */
  outdated(what: 'page' | 'chart'): void;
};

/** When the countdown has ended and no notice has come by then, the server is asked. */
const END_GRACE_MS = 1_500;
const UNKNOWN_BASKET: BasketView = {
  known: false,
  held: null,
  adding: [],
  dropping: [],
  work: 'none',
};

export function openShop(site: Site, content: ShowWithChart, listener: ShopListener): Shop {
  const { show, chart } = content;
  const names = createSeatNames(chart);
  const [basketView, setBasketView] = createSignal(UNKNOWN_BASKET);
  let map: SeatMap | null = null;

  const clock = followDeadline(site, () => basket.look());
  const tellTabs = tellOtherTabs(site.tabs, show.id);
  const basket = new Basket({
    calls: createHoldCalls({ ...site, event: show.id, chartHash: show.chartHash }),
    timers: site.ambient.timers,
    maxSeats: show.policy.maxSeats,
    listener: {
      changed(view) {
        setBasketView(view);
        tellTabs(view);
        clock.follow(view.held?.endsAtMs ?? null);
        seats.nameHold(nameOf(view));
        if (map !== null) markOwn(map, names, view);
      },
      message: listener.news,
    },
  });
  const seats = watchSeats(site, content, {
    // Notices that were missed while away are made good by reading the basket.
    live: () => basket.look(),
    outdated: listener.outdated,
    notice: (notice) => hear(notice, basket, names),
  });
  const deafen = site.tabs.hear((event) => event === show.id && basket.look());
  const wake = (): void => {
    seats.resume();
    basket.look();
  };

  return {
    names,
    basket: basketView,
    timeLeft: clock.timeLeft,
    seats,
    attachMap(next) {
      map = next;
      seats.attachMap(next);
      markOwn(next, names, basketView());
    },
    choose(seat) {
      const { label } = names.nameOf(seat);
      const own = isOwn(basketView(), label);
      const reason = own ? null : whyNot(label, seats.sale(), seats.stateOf(seat));
      if (reason === null) basket.toggle(label);
      else listener.news(reason);
    },
    extend: () => basket.extend(),
    release: () => basket.release(),
    canGainTime: () => gainsTime(clock.timeLeft(), show.policy.extendMs),
    wake,
    noteNetwork(up) {
      seats.noteNetwork(up);
      if (up) wake();
    },
    stop() {
      deafen();
      seats.stop();
      basket.stop();
      clock.follow(null);
    },
  };
}

/** The time left as a signal; `over` is called a moment after the end, should nobody have told. */
function followDeadline(site: Site, over: () => void) {
  const [timeLeft, setTimeLeft] = createSignal<TimeLeft | null>(null);
  let followed: number | null = null;
  const countdown = createCountdown(site.ambient, (left) => {
    setTimeLeft(left);
    if (left?.phase === 'over') site.ambient.timers.after(END_GRACE_MS, over);
  });
  const follow = (endsAtMs: number | null): void => {
    if (endsAtMs === followed) return;
    followed = endsAtMs;
    countdown.follow(endsAtMs);
  };
  return { timeLeft, follow };
}

function hear(notice: OwnerNotice, basket: Basket, names: SeatNames): void {
  switch (notice.kind) {
    case 'hold.expired':
      basket.noteEnd(notice.hold, 'expired');
      return;
    case 'hold.revoked':
      basket.noteEnd(notice.hold, 'revoked');
      return;
    case 'hold.lost':
      if (notice.seats.length === 0) {
        basket.noteForgotten(notice.hold);
        return;
      }
      basket.noteLost(
        notice.hold,
        notice.seats.map((seat) => names.nameOf(seat).label),
      );
      return;
  }
}

const SECOND_MS = 1_000;

/** An extension moves the deadline to now + `extendMs` at least, so it gains nothing before. */
function gainsTime(left: TimeLeft | null, extendMs: number): boolean {
  return left !== null && left.seconds * SECOND_MS < extendMs;
}

function nameOf({ held }: BasketView): HoldId | null {
  const id = held?.hold.id ?? '';
  return isHoldId(id) ? id : null;
}

function markOwn(map: SeatMap, names: SeatNames, view: BasketView): void {
  const seatsOf = (labels: readonly string[]): number[] => labels.map(names.seatOf);
  map.setMine(seatsOf(view.held?.hold.seats ?? []));
  map.setOptimistic({ adding: seatsOf(view.adding), dropping: seatsOf(view.dropping) });
}

function isOwn(view: BasketView, label: string): boolean {
  const held = view.held?.hold.seats ?? [];
  return held.includes(label) || view.adding.includes(label);
}

/** Why a seat cannot be asked for, as far as this page knows; the server decides in any case. */
function whyNot(label: string, sale: SaleState, state: SeatState): ShopNews | null {
  if (sale !== 'open') return { kind: 'not-on-sale', sale };
  return state === SeatState.available ? null : { kind: 'not-free', seat: label };
}
