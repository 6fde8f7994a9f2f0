import type { Point } from '@holdfast/db/model';
import type { Bounds, MapGeometry, MapSection } from './geometry.ts';
import type { SeatGrid } from './seat-grid.ts';
import type { Size, View } from './view.ts';

export type LabelGround = {
  readonly geometry: Pick<MapGeometry, 'width' | 'pitch'>;
  readonly grid: Pick<SeatGrid, 'within'>;
  readonly view: View;
};

/** In a section of fewer seats each one counts: its name stands beside them. */
const NAMED_BESIDE_BELOW_SEATS = 60;
/** Where nothing beside is free, a name may hide this share of the section's seats. */
const HIDDEN_SHARE_MAX = 1 / 3;
const GAP_PX = 4;

/**
 * The middle of a section's name in world units, or null when it is better left out. A large
 * section carries its name on its seats, where it is looked for; a small one beside them.
 *
 * @param label Size of the letters in CSS pixels.
 */
export function labelPlace(section: MapSection, label: Size, ground: LabelGround): Point | null {
  if (section.seatCount >= NAMED_BESIDE_BELOW_SEATS) return section.anchor;
  const { geometry, grid, view } = ground;
  const halfX = label.width / 2 / view.scale;
  const halfY = label.height / 2 / view.scale;
  const isFree = ({ x, y }: Point): boolean => {
    let free = true;
    // Half a pitch more, as seats reach beyond their centres.
    grid.within(boxAround(x, y, halfX + geometry.pitch / 2, halfY + geometry.pitch / 2), () => {
      free = false;
    });
    return free;
  };
  const free = placesBeside(section, halfX, halfY, ground).find(isFree);
  if (free !== undefined) return free;
  let hidden = 0;
  grid.within(boxAround(section.anchor.x, section.anchor.y, halfX, halfY), (seat) => {
    if (seat >= section.start && seat < section.start + section.seatCount) hidden += 1;
  });
  return hidden <= section.seatCount * HIDDEN_SHARE_MAX ? section.anchor : null;
}

/** In the order of preference: away from the middle of the chart, above, below. */
function placesBeside(
  { bounds }: MapSection,
  halfX: number,
  halfY: number,
  { geometry, view }: LabelGround,
): Point[] {
  const away = geometry.pitch / 2 + GAP_PX / view.scale;
  const middleX = (bounds.minX + bounds.maxX) / 2;
  const middleY = (bounds.minY + bounds.maxY) / 2;
  const outward =
    middleX < geometry.width / 2 ? bounds.minX - away - halfX : bounds.maxX + away + halfX;
  return [
    { x: outward, y: middleY },
    { x: middleX, y: bounds.minY - away - halfY },
    { x: middleX, y: bounds.maxY + away + halfY },
  ];
}

function boxAround(x: number, y: number, reachX: number, reachY: number): Bounds {
  return { minX: x - reachX, minY: y - reachY, maxX: x + reachX, maxY: y + reachY };
}
