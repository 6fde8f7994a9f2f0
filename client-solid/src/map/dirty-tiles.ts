import type { Bounds } from './geometry.ts';

/**
 * Which parts of the canvas must be shown again. Showing pixels has a price per call and a price
 * per pixel; tiles keep both bounded when many scattered seats change in one frame.
 */
export type DirtyTiles = {
  add(box: Bounds): void;
  /** Calls `show` for each dirty tile and forgets it. */
  flush(show: (x: number, y: number, width: number, height: number) => void): void;
};

const TILE_PX = 96;

export function createDirtyTiles(width: number, height: number): DirtyTiles {
  const columns = Math.ceil(width / TILE_PX);
  const dirty = new Uint8Array(columns * Math.ceil(height / TILE_PX));
  let any = false;
  return {
    add(box) {
      const lastRow = Math.floor((box.maxY - 1) / TILE_PX);
      const lastColumn = Math.floor((box.maxX - 1) / TILE_PX);
      for (let row = Math.floor(box.minY / TILE_PX); row <= lastRow; row += 1) {
        const start = row * columns;
        dirty.fill(1, start + Math.floor(box.minX / TILE_PX), start + lastColumn + 1);
      }
      any = true;
    },
    flush(show) {
      if (!any) return;
      any = false;
      for (let at = dirty.indexOf(1); at >= 0; at = dirty.indexOf(1, at)) {
        // Neighbours in a row of tiles go out together.
        const row = Math.floor(at / columns);
        let end = at;
        while (end < (row + 1) * columns && dirty[end] === 1) end += 1;
        dirty.fill(0, at, end);
        const x = (at - row * columns) * TILE_PX;
        const y = row * TILE_PX;
        const right = Math.min(width, (end - row * columns) * TILE_PX);
        show(x, y, right - x, Math.min(height, y + TILE_PX) - y);
        at = end;
      }
    },
  };
}
