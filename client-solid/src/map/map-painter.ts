import type { Chart } from '@holdfast/db/model';
import { createDirtyTiles, type DirtyTiles } from './dirty-tiles.ts';
import type { MapGeometry, MapSection } from './geometry.ts';
import { type GroundStyle, paintGround } from './ground.ts';
import { createLabelSprites, type LabelSprites, type LabelStyle } from './label-sprites.ts';
import { paintLettering, type RingColours, type Rings } from './lettering.ts';
import type { CanvasStack } from './map-canvases.ts';
import type { MapPalette } from './palette.ts';
import type { SeatGrid } from './seat-grid.ts';
import type { SeatLayers } from './seat-layers.ts';
import type { SeatNames } from './seat-names.ts';
import { createSeatRaster, type SeatRaster } from './seat-raster.ts';
import { createSpriteStock, type SpriteSet } from './sprites.ts';
import { createTextMasks } from './text-masks.ts';
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

export type PainterParts = {
  readonly chart: Chart;
  readonly geometry: MapGeometry;
  readonly grid: SeatGrid;
  readonly layers: SeatLayers;
  readonly names: SeatNames;
  readonly canvases: CanvasStack;
};

/** Seat numbers appear when neighbouring seats are at least this far apart on screen. */
const NUMBERS_FROM_PX = 19;

type Canvas = {
  readonly raster: SeatRaster;
  readonly image: ImageData;
  readonly tiles: DirtyTiles;
};

export function createMapPainter(parts: PainterParts): MapPainter {
  const { chart, geometry, canvases } = parts;
  let painted: Canvas | null = null;
  let stock: { readonly of: (diameter: number) => SpriteSet; readonly theme: MapTheme } | null =
    null;
  let pixels: Uint32Array<ArrayBuffer> | null = null;
  let masks: ReturnType<typeof createTextMasks> | null = null;
  let labels: { readonly made: LabelSprites; readonly theme: MapTheme; ratio: number } | null =
    null;
  const sections = sectionsToName(chart, geometry);

  const lettering = (view: View, theme: MapTheme, rings: Rings): void => {
    const { current } = canvases;
    if (current === null) return;
    const { viewport, pixelRatio } = current;
    if (labels?.theme !== theme || labels.ratio !== pixelRatio) {
      labels = { made: createLabelSprites(theme.labels, pixelRatio), theme, ratio: pixelRatio };
    }
    paintLettering(current.lettering, {
      geometry,
      sections,
      view,
      viewport,
      pixelRatio,
      sprites: labels.made,
      rings,
      ringColours: theme.ringColours,
    });
  };

  const numberOf = (view: View, fontFamily: string) => {
    if (geometry.pitch * view.scale < NUMBERS_FROM_PX) return null;
    masks ??= createTextMasks(fontFamily);
    const made = masks;
    return (seat: number, diameter: number) => made.maskOf(parts.names.numberOf(seat), diameter);
  };

  return {
    paintLettering: lettering,
    paintAll(view, theme, rings) {
      const { current } = canvases;
      if (current === null) return;
      const { width, height } = current.seats.canvas;
      if (pixels?.length !== width * height) pixels = new Uint32Array(width * height);
      const ratio = current.pixelRatio;
      if (stock?.theme !== theme) stock = { of: createSpriteStock(theme.palette), theme };
      const raster = createSeatRaster({
        geometry,
        grid: parts.grid,
        width,
        height,
        view: {
          scale: view.scale * ratio,
          shiftX: view.shiftX * ratio,
          shiftY: view.shiftY * ratio,
        },
        palette: theme.palette,
        lookOf: parts.layers.lookOf,
        numberOf: numberOf(view, theme.labels.fontFamily),
        pixels,
        spritesOf: stock.of,
      });
      raster.paintAll();
      const image = new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
      painted = { raster, image, tiles: createDirtyTiles(width, height) };
      current.seats.putImageData(image, 0, 0);
      paintGround(current.ground, chart, view, ratio, theme.ground);
      lettering(view, theme, rings);
    },
    paintSeats(seats) {
      const { current } = canvases;
      if (current === null || painted === null) return;
      const { raster, image, tiles } = painted;
      raster.paint(seats, tiles.add);
      tiles.flush((x, y, width, height) =>
        current.seats.putImageData(image, 0, 0, x, y, width, height),
      );
    },
  };
}

/** A section whose name the chart itself writes on the map is not named twice. */
function sectionsToName(chart: Chart, geometry: MapGeometry): readonly MapSection[] {
  const written = new Set(chart.areas.map((area) => area.text));
  return geometry.sections.filter((section) => !written.has(section.name));
}
