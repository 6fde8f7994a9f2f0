import type { Chart } from '@holdfast/db/model';
import type { MapGeometry, MapSection } from './geometry.ts';
import { type GroundStyle, paintGround } from './ground.ts';
import { createLabelSprites, type LabelSprites, type LabelStyle } from './label-sprites.ts';
import { paintLettering, type RingColours, type Rings } from './lettering.ts';
import type { CanvasStack, MapCanvases } from './map-canvases.ts';
import type { MapPalette } from './palette.ts';
import { createSeatPainter, type SeatPainterParts } from './seat-painter.ts';
import type { View } from './view.ts';

export type MapTheme = {
  readonly palette: MapPalette;
  readonly ground: GroundStyle;
  readonly labels: LabelStyle;
  readonly ringColours: RingColours;
};

/** Brings looks and view onto the canvases, with as little work as the change asks for. */
export type MapPainter = {
  /** Everything anew: the view, the size or the theme has changed. */
  paintAll(view: View, theme: MapTheme, rings: Rings): void;
  /** Only these seats; the view is that of the last full paint. */
  paintSeats(seats: readonly number[]): void;
  paintLettering(view: View, theme: MapTheme, rings: Rings): void;
};

export type PainterParts = SeatPainterParts & {
  readonly chart: Chart;
  readonly canvases: CanvasStack;
};

type Labels = {
  readonly sprites: LabelSprites;
  readonly theme: MapTheme;
  readonly pixelRatio: number;
};

export function createMapPainter(parts: PainterParts): MapPainter {
  const { chart, geometry, grid, canvases } = parts;
  const seatPainter = createSeatPainter(parts);
  const sections = sectionsToName(chart, geometry);
  let labels: Labels | null = null;

  const letter = (current: MapCanvases, view: View, theme: MapTheme, rings: Rings): void => {
    const { viewport, pixelRatio } = current;
    if (labels?.theme !== theme || labels.pixelRatio !== pixelRatio) {
      labels = { sprites: createLabelSprites(theme.labels, pixelRatio), theme, pixelRatio };
    }
    const { sprites } = labels;
    const { ringColours } = theme;
    const seats = { geometry, grid, sections };
    const plan = { ...seats, view, viewport, pixelRatio, sprites, rings, ringColours };
    paintLettering(current.lettering, plan);
  };

  return {
    paintAll(view, theme, rings) {
      const { current } = canvases;
      if (current === null) return;
      const { palette, labels: style } = theme;
      seatPainter.paintAll(current, view, { palette, fontFamily: style.fontFamily });
      paintGround(current.ground, chart, view, current.pixelRatio, theme.ground);
      letter(current, view, theme, rings);
    },
    paintSeats(seats) {
      if (canvases.current !== null) seatPainter.paint(canvases.current, seats);
    },
    paintLettering(view, theme, rings) {
      if (canvases.current !== null) letter(canvases.current, view, theme, rings);
    },
  };
}

/** A section whose name the chart itself writes on the map is not named twice. */
function sectionsToName(chart: Chart, geometry: MapGeometry): readonly MapSection[] {
  const written = new Set(chart.areas.map((area) => area.text));
  return geometry.sections.filter((section) => !written.has(section.name));
}
