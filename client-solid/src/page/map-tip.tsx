import { createEffect } from 'solid-js';
import type { MapSpot } from '../map/map-pointing.ts';
import type { MapViewProps } from './map-view.tsx';
import { seatFacts } from './seat-summary.ts';

/** Nearer to the upper edge than this the card hangs below its seat. */
const ROOM_ABOVE_PX = 100;

/** The little card beside the mouse: a seat, or far away a section with its free seats. */
export function MapTip(props: MapViewProps & { readonly spot: MapSpot }) {
  let card: HTMLDivElement | undefined;
  createEffect(() => {
    const { x, y } = props.spot;
    card?.style.setProperty('--tip-x', `${x}px`);
    card?.style.setProperty('--tip-y', `${y}px`);
  });
  const lines = (): { title: string; rest: string } => {
    const { spot } = props;
    return spot.kind === 'seat' ? seatLines(spot.seat, props) : sectionLines(spot.section, props);
  };
  return (
    <div
      ref={card}
      class="map-tip"
      classList={{ 'map-tip-below': props.spot.y < ROOM_ABOVE_PX }}
      aria-hidden="true"
      data-testid="map-tip"
    >
      <strong>{lines().title}</strong>
      <span>{lines().rest}</span>
    </div>
  );
}

function seatLines(seat: number, props: MapViewProps): { title: string; rest: string } {
  const { where, category, price, kind, standing } = seatFacts(seat, props);
  const rest = [category, price, kind, standing].filter((part) => part !== '').join(' · ');
  return { title: where, rest };
}

function sectionLines(at: number, props: MapViewProps): { title: string; rest: string } {
  const section = props.chart.sections[at];
  if (section === undefined) return { title: '', rest: '' };
  const free = props.shop.seats.freeAmong(section.start, section.seatCount);
  return { title: section.name, rest: `${free} of ${section.seatCount} seats free` };
}
