import { createDirtyTiles, type DirtyTiles } from './dirty-tiles.ts';
import type { MapGeometry } from './geometry.ts';
import type { MapCanvases } from './map-canvases.ts';
import type { MapPalette } from './palette.ts';
import type { SeatGrid } from './seat-grid.ts';
import type { SeatLayers } from './seat-layers.ts';
import type { SeatNames } from './seat-names.ts';
import { createSeatRaster, type RasterPlan, type SeatRaster } from './seat-raster.ts';
import { createSpriteStock, type SpriteSet } from './sprites.ts';
import { createTextMasks, type TextMasks } from './text-masks.ts';
import type { View } from './view.ts';

/** Brings the raster of the seats onto their canvas, whole or tile by tile. */
export type SeatPainter = {
  paintAll(canvases: MapCanvases, view: View, style: SeatStyle): void;
  /** Only these seats; size, view and style are those of the last full paint. */
  paint(canvases: MapCanvases, seats: readonly number[]): void;
};

export type SeatStyle = { readonly palette: MapPalette; readonly fontFamily: string };

export type SeatPainterParts = {
  readonly geometry: MapGeometry;
  readonly grid: SeatGrid;
  readonly layers: SeatLayers;
  readonly names: SeatNames;
};

type Painted = {
  readonly raster: SeatRaster;
  readonly image: ImageData;
  readonly tiles: DirtyTiles;
};

type Stock = { readonly palette: MapPalette; readonly spritesOf: (diameter: number) => SpriteSet };

/** Seat numbers appear when neighbouring seats are at least this far apart on screen. */
const NUMBERS_FROM_PX = 19;

export function createSeatPainter(parts: SeatPainterParts): SeatPainter {
  const { geometry, grid, layers, names } = parts;
  let painted: Painted | null = null;
  let pixels: Uint32Array<ArrayBuffer> | null = null;
  let stock: Stock | null = null;
  let masks: TextMasks | null = null;

  const numberOf = (view: View, fontFamily: string): RasterPlan['numberOf'] => {
    if (geometry.pitch * view.scale < NUMBERS_FROM_PX) return null;
    masks ??= createTextMasks(fontFamily);
    const { maskOf } = masks;
    return (seat, diameter) => maskOf(names.numberOf(seat), diameter);
  };

  return {
    paintAll({ seats, pixelRatio }, view, { palette, fontFamily }) {
      const { width, height } = seats.canvas;
      if (pixels?.length !== width * height) pixels = new Uint32Array(width * height);
      if (stock?.palette !== palette) stock = { palette, spritesOf: createSpriteStock(palette) };
      const raster = createSeatRaster({
        geometry,
        grid,
        width,
        height,
        view: {
          scale: view.scale * pixelRatio,
          shiftX: view.shiftX * pixelRatio,
          shiftY: view.shiftY * pixelRatio,
        },
        palette,
        lookOf: layers.lookOf,
        numberOf: numberOf(view, fontFamily),
        pixels,
        spritesOf: stock.spritesOf,
      });
      raster.paintAll();
      const image = new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
      painted = { raster, image, tiles: createDirtyTiles(width, height) };
      seats.putImageData(image, 0, 0);
    },
    paint(canvases, changed) {
      if (painted === null) return;
      const { raster, image, tiles } = painted;
      raster.paint(changed, tiles.add);
      tiles.flush((x, y, width, height) =>
        canvases.seats.putImageData(image, 0, 0, x, y, width, height),
      );
    },
  };
}
