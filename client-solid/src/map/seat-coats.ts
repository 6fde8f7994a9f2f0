import { SeatKind } from './geometry.ts';
import { inkOn, type MapPalette, type Pixel } from './palette.ts';
import { SeatLook } from './seat-layers.ts';
import { disc, ring, roundedBox, type Shape, stroke, union } from './shapes.ts';

/** One coat of paint: a shape filled with a colour over what lies below. */
export type Coat = { readonly shape: Shape; readonly colour: Pixel };

const SEAT = disc(1);
const SQUARE = roundedBox(0.94, 0.24);
const RIM = ring(0.88, 0.24);
const CORE = disc(0.36);
const DOT = disc(0.52);
const BAND = ring(0.86, 0.28);
const TICK = stroke(
  [
    [-0.46, 0.02],
    [-0.12, 0.38],
    [0.5, -0.36],
  ],
  0.28,
);
const MINUS = stroke(
  [
    [-0.46, 0],
    [0.46, 0],
  ],
  0.28,
);
const RISING: readonly (readonly [number, number])[] = [
  [-0.46, 0.46],
  [0.46, -0.46],
];
const FALLING: readonly (readonly [number, number])[] = [
  [-0.46, -0.46],
  [0.46, 0.46],
];
const CROSS = union(stroke(RISING, 0.24), stroke(FALLING, 0.24));

/**
 * How a look is painted, lowest coat first. Every look has its own shape, not only its own colour:
 * available is a full disc (a square where a wheelchair fits), held a rim with a core, booked a
 * small dot, blocked a cross, one's own a disc with a tick, and a wish wears a band in the own
 * colour. All stay within the seat's own circle, or chosen neighbours would run into each other.
 */
export function coatsOf(
  look: SeatLook,
  category: number,
  kind: number,
  palette: MapPalette,
): readonly Coat[] {
  const fill = palette.categories[category] ?? palette.held;
  const body = kind === SeatKind.accessible ? SQUARE : SEAT;
  switch (look) {
    case SeatLook.available:
      return [{ shape: body, colour: fill }];
    case SeatLook.held:
      return [
        { shape: SEAT, colour: palette.held },
        { shape: RIM, colour: palette.heldEdge },
        { shape: CORE, colour: palette.heldEdge },
      ];
    case SeatLook.booked:
      return [{ shape: DOT, colour: palette.booked }];
    case SeatLook.blocked:
      return [{ shape: CROSS, colour: palette.blocked }];
    case SeatLook.mine:
      return [
        { shape: SEAT, colour: palette.mine },
        { shape: TICK, colour: palette.mineInk },
      ];
    case SeatLook.adding:
      return [
        { shape: body, colour: fill },
        { shape: BAND, colour: palette.mine },
      ];
    case SeatLook.dropping:
      return [
        { shape: SEAT, colour: palette.mineInk },
        { shape: BAND, colour: palette.mine },
        { shape: MINUS, colour: palette.mine },
      ];
  }
}

/** The ink of a seat number on this look, or null where no number belongs. */
export function numberInk(look: SeatLook, category: number, palette: MapPalette): Pixel | null {
  if (look !== SeatLook.available && look !== SeatLook.adding) return null;
  return inkOn(palette.categories[category] ?? palette.held, palette);
}
