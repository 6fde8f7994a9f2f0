import { type HoldId, type SaleState, SeatState } from '@holdfast/db/model';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { ConnectionState } from '@holdfast/realtime-hub/viewer';
import { type Accessor, createSignal } from 'solid-js';
import type { SeatMap } from '../map/seat-map.ts';
import { followSeats } from './live-seats.ts';
import type { ShowWithChart, Site } from './site.ts';

/** The live seats for a page: a map is fed directly, everything else is a signal. */
export type SeatWatch = {
  readonly connection: Accessor<ConnectionState>;
  /** How many sections are shown but did not agree with the hub, and are asked for anew. */
  readonly checking: Accessor<number>;
  readonly sale: Accessor<SaleState>;
  /** False until the states of the seats have arrived for the first time. */
  readonly pictured: Accessor<boolean>;
  /** From now on the map shows what the viewer says. */
  attachMap(map: SeatMap): void;
  /** Published state of a seat; a reader under Solid hears when any seat changes. */
  stateOf(seat: number): SeatState;
  /** How many seats from `start` on are available now; heard like `stateOf`. */
  freeAmong(start: number, seatCount: number): number;
  /** The live hold of this page, for the hub to look up should Redis lose data. */
  nameHold(hold: HoldId | null): void;
  /** Connects at once instead of waiting. */
  resume(): void;
  /** The browser says whether it has a network; a dead socket alone would take seconds to notice. */
  noteNetwork(up: boolean): void;
  stop(): void;
};

export type SeatWatchListener = {
  /** The map is up to date, at first or again. */
  live(): void;
  /** The page or the chart is older than what the hub has. */
  outdated(what: 'page' | 'chart'): void;
  notice(notice: OwnerNotice): void;
};

const OFFLINE: ConnectionState = { kind: 'offline' };

export function watchSeats(
  site: Site,
  content: ShowWithChart,
  listener: SeatWatchListener,
): SeatWatch {
  const [connection, setConnection] = createSignal<ConnectionState>({ kind: 'catching-up' });
  const [checking, setChecking] = createSignal(0);
  const [sale, setSale] = createSignal<SaleState>(content.show.sale);
  const [pictured, setPictured] = createSignal(false);
  const [networkUp, setNetworkUp] = createSignal(true);
  const [changes, setChanges] = createSignal(0);
  let map: SeatMap | null = null;

  const live = followSeats(site, content, {
    seats(seats) {
      if (live.states !== null) map?.setStates(live.states, seats);
      setChanges((count) => count + 1);
    },
    state(state) {
      setConnection(state);
      if (state.kind === 'outdated') listener.outdated(state.what);
      if (state.kind !== 'live' && state.kind !== 'unverified') return;
      setPictured(true);
      if (state.kind === 'live') listener.live();
    },
    checking: setChecking,
    sale: setSale,
    notice: (notice) => listener.notice(notice),
  });
  const heardStates = (): Uint8Array | null => {
    changes();
    return live.states;
  };

  return {
    connection: () => (networkUp() ? connection() : OFFLINE),
    checking,
    sale,
    pictured,
    attachMap(next) {
      map = next;
      if (live.states !== null) map.setStates(live.states, 'all');
    },
    stateOf: (seat) => seatStateIn(heardStates(), seat),
    freeAmong(start, seatCount) {
      let free = 0;
      for (const state of heardStates()?.subarray(start, start + seatCount) ?? []) {
        if (state === SeatState.available) free += 1;
      }
      return free;
    },
    nameHold: (hold) => live.nameHold(hold),
    resume: () => live.resume(),
    noteNetwork: setNetworkUp,
    stop: () => live.stop(),
  };
}

function seatStateIn(states: Uint8Array | null, seat: number): SeatState {
  const state = states?.[seat];
  if (state === SeatState.held || state === SeatState.booked) return state;
  return state === SeatState.blocked ? SeatState.blocked : SeatState.available;
}
