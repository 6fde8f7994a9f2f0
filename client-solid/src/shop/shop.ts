import { type SaleState, SeatState } from '@holdfast/db/model';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { ConnectionState } from '@holdfast/realtime-hub/viewer';
import { type Accessor, createSignal } from 'solid-js';
import type { SeatMap } from '../map/seat-map.ts';
import { createSeatNames, type SeatNames } from '../map/seat-names.ts';
import { Basket, type BasketView } from './basket.ts';
import { createCountdown, type TimeLeft } from './countdown.ts';
import { createHoldCalls } from './hold-calls.ts';
import { followSeats } from './live-seats.ts';
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
  readonly connection: Accessor<ConnectionState>;
  readonly sale: Accessor<SaleState>;
  /** False until the states of the seats have arrived for the first time. */
  readonly pictured: Accessor<boolean>;
  /** From now on the map shows what the viewer and the basket say. */
  attachMap(map: SeatMap): void;
  /** A seat was tapped: into the basket, out of it, or a word about why not. */
  choose(seat: number): void;
  extend(): void;
  release(): void;
  /** Published state of a seat. */
  stateOf(seat: number): SeatState;
  /** How many seats from `start` on are available now. */
  freeAmong(start: number, seatCount: number): number;
  /** Somebody looks again: connect and read the basket at once. */
  wake(): void;
  /** The browser says whether it has a network; a dead socket alone would take seconds to notice. */
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
const OFFLINE: ConnectionState = { kind: 'offline' };
const UNKNOWN_BASKET: BasketView = {
  known: false,
  held: null,
  adding: [],
  dropping: [],
  work: 'none',
};

export function openShop(site: Site, content: ShowWithChart, listener: ShopListener): Shop {
  const names = createSeatNames(content.chart);
  const [basketView, setBasketView] = createSignal(UNKNOWN_BASKET);
  const [connection, setConnection] = createSignal<ConnectionState>({ kind: 'catching-up' });
  const [sale, setSale] = createSignal<SaleState>(content.show.sale);
  const [pictured, setPictured] = createSignal(false);
  const [networkUp, setNetworkUp] = createSignal(true);
  let map: SeatMap | null = null;

  const clock = followDeadline(site, () => basket.look());
  const basket = new Basket({
    calls: createHoldCalls({ ...site, event: content.show.id, chartHash: content.show.chartHash }),
    timers: site.ambient.timers,
    maxSeats: content.show.policy.maxSeats,
    listener: {
      changed(view) {
        setBasketView(view);
        clock.follow(view.held?.endsAtMs ?? null);
        if (map !== null) markOwn(map, names, view);
      },
      message: listener.news,
    },
  });
  const live = followSeats(site, content, {
    seats(seats) {
      if (live.states !== null) map?.setStates(live.states, seats);
    },
    state(state) {
      setConnection(state);
      if (state.kind === 'outdated') listener.outdated(state.what);
      if (state.kind !== 'live') return;
      setPictured(true);
      // Notices that were missed while away are made good by reading the basket.
      basket.look();
    },
    sale: setSale,
    notice: (notice) => hear(notice, basket, names),
  });
  const wake = (): void => {
    live.resume();
    basket.look();
  };
  const stateOf = (seat: number): SeatState => stateIn(live.states, seat);

  return {
    names,
    basket: basketView,
    timeLeft: clock.timeLeft,
    connection: () => (networkUp() ? connection() : OFFLINE),
    sale,
    pictured,
    attachMap(next) {
      map = next;
      if (live.states !== null) map.setStates(live.states, 'all');
      markOwn(map, names, basketView());
    },
    choose(seat) {
      const { label } = names.nameOf(seat);
      const reason = isOwn(basketView(), label) ? null : whyNot(label, sale(), stateOf(seat));
      if (reason === null) basket.toggle(label);
      else listener.news(reason);
    },
    extend: () => basket.extend(),
    release: () => basket.release(),
    stateOf,
    freeAmong: (start, seatCount) => {
      let free = 0;
      for (const state of live.states?.subarray(start, start + seatCount) ?? []) {
        if (state === SeatState.available) free += 1;
      }
      return free;
    },
    wake,
    noteNetwork(up) {
      setNetworkUp(up);
      if (up) wake();
    },
    stop() {
      live.stop();
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
      basket.noteLost(
        notice.hold,
        notice.seats.map((seat) => names.nameOf(seat).label),
      );
      return;
  }
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

function stateIn(states: Uint8Array | null, seat: number): SeatState {
  const state = states?.[seat];
  if (state === SeatState.held || state === SeatState.booked) return state;
  return state === SeatState.blocked ? SeatState.blocked : SeatState.available;
}
