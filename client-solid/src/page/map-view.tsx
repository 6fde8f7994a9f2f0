import type { Chart } from '@holdfast/db/model';
import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import type { MapSpot } from '../map/map-pointing.ts';
import { readTheme } from '../map/read-theme.ts';
import { createSeatMap, type SeatMap } from '../map/seat-map.ts';
import { defineSeatMapElement, SEAT_MAP_TAG, SeatMapElement } from '../map/seat-map-element.ts';
import type { Shop } from '../shop/shop.ts';
import { MapTip } from './map-tip.tsx';
import type { MoneyFormat } from './money.ts';
import { seatSummary } from './seat-summary.ts';

export type MapViewProps = {
  readonly shop: Shop;
  readonly chart: Chart;
  readonly money: MoneyFormat;
};

/** The canvas map with its buttons; Solid stays around it and never sees a seat. */
export function MapView(props: MapViewProps) {
  defineSeatMapElement();
  const [spot, setSpot] = createSignal<MapSpot | null>(null);
  const [spoken, setSpoken] = createSignal('');
  const [map, setMap] = createSignal<SeatMap | null>(null);
  const host = document.createElement(SEAT_MAP_TAG);
  if (!(host instanceof SeatMapElement)) throw new Error('the map element is not defined');
  host.className = 'map-host';
  host.tabIndex = 0;
  host.dataset['testid'] = 'seat-map';
  host.setAttribute('role', 'application');
  host.setAttribute('aria-roledescription', 'seat map');
  host.setAttribute('aria-label', MAP_HELP);

  onMount(() => {
    const theme = () => readTheme(host, props.chart.categories);
    const made = createSeatMap(host, {
      chart: props.chart,
      names: props.shop.names,
      theme: theme(),
      still: matchMedia('(prefers-reduced-motion: reduce)').matches,
      onChoose: (seat) => props.shop.choose(seat),
      onHover: setSpot,
      onCursor: (seat) => setSpoken(seatSummary(seat, props)),
    });
    host.attach(made, props.shop.names);
    props.shop.attachMap(made);
    setMap(made);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const repaint = (): void => made.setTheme(theme());
    dark.addEventListener('change', repaint);
    onCleanup(() => {
      dark.removeEventListener('change', repaint);
      made.destroy();
    });
  });

  return (
    <div class="map" classList={{ 'map-unknown': !props.shop.seats.pictured() }}>
      {host}
      <Show when={spot()}>{(at) => <MapTip {...props} spot={at()} />}</Show>
      <div class="map-buttons">
        <MapButton label="Zoom in" sign="+" onPress={() => map()?.zoomIn()} testid="zoom-in" />
        <MapButton label="Zoom out" sign="−" onPress={() => map()?.zoomOut()} testid="zoom-out" />
        <MapButton label="Show everything" sign="⤢" onPress={() => map()?.fit()} testid="fit" />
      </div>
      <p class="hidden-text" role="status" aria-live="polite" data-testid="cursor-seat">
        {spoken()}
      </p>
    </div>
  );
}

const MAP_HELP =
  'Seat map. Arrow keys move from seat to seat, Enter takes a seat or gives it back, plus and minus zoom, zero shows everything.';

function MapButton(props: {
  readonly label: string;
  readonly sign: string;
  readonly testid: string;
  onPress(): void;
}) {
  return (
    <button
      type="button"
      class="map-button"
      aria-label={props.label}
      title={props.label}
      data-testid={props.testid}
      onClick={() => props.onPress()}
    >
      {props.sign}
    </button>
  );
}
