/**
 * Where the map stands on the screen: `screen = world * scale + shift`, in CSS pixels. Pure
 * arithmetic; the painter multiplies by the device's pixel ratio.
 */
export type View = { readonly scale: number; readonly shiftX: number; readonly shiftY: number };

export type Size = { readonly width: number; readonly height: number };

export type ScaleLimits = { readonly min: number; readonly max: number };

/** CSS pixels kept free around a fitted chart. */
const FIT_MARGIN_PX = 16;
/** A seat's pitch on screen at the closest zoom. */
const CLOSEST_PITCH_PX = 64;
/** How far one may zoom out beyond the fitted view. */
const FARTHEST_OF_FIT = 0.8;

/** The view that shows the whole chart in the middle of the viewport. */
export function fitView(chart: Size, viewport: Size): View {
  const roomX = Math.max(1, viewport.width - 2 * FIT_MARGIN_PX);
  const roomY = Math.max(1, viewport.height - 2 * FIT_MARGIN_PX);
  const scale = Math.min(roomX / Math.max(1, chart.width), roomY / Math.max(1, chart.height));
  return centred(scale, chart.width / 2, chart.height / 2, viewport);
}

/** The view of a given scale with a world point in the middle of the viewport. */
export function centred(scale: number, worldX: number, worldY: number, viewport: Size): View {
  return {
    scale,
    shiftX: viewport.width / 2 - worldX * scale,
    shiftY: viewport.height / 2 - worldY * scale,
  };
}

/** From a little wider than the fitted view to the size at which single seats fill a fingertip. */
export function scaleLimits(chart: Size, viewport: Size, pitch: number): ScaleLimits {
  const fitted = fitView(chart, viewport).scale;
  return { min: fitted * FARTHEST_OF_FIT, max: Math.max(fitted, CLOSEST_PITCH_PX / pitch) };
}

/** Zooms by `factor` so that the world point under the screen point (x, y) stays there. */
export function zoomAt(
  view: View,
  factor: number,
  x: number,
  y: number,
  limits: ScaleLimits,
): View {
  const scale = Math.min(limits.max, Math.max(limits.min, view.scale * factor));
  const ratio = scale / view.scale;
  return {
    scale,
    shiftX: x - (x - view.shiftX) * ratio,
    shiftY: y - (y - view.shiftY) * ratio,
  };
}

export function panBy(view: View, dx: number, dy: number): View {
  return { ...view, shiftX: view.shiftX + dx, shiftY: view.shiftY + dy };
}

/** Moves the view so that the middle of the screen always lies over the chart. */
export function keptInSight(view: View, chart: Size, viewport: Size): View {
  const lowX = viewport.width / 2 - chart.width * view.scale;
  const lowY = viewport.height / 2 - chart.height * view.scale;
  return {
    scale: view.scale,
    shiftX: Math.min(viewport.width / 2, Math.max(lowX, view.shiftX)),
    shiftY: Math.min(viewport.height / 2, Math.max(lowY, view.shiftY)),
  };
}

export function worldX(view: View, screenX: number): number {
  return (screenX - view.shiftX) / view.scale;
}

export function worldY(view: View, screenY: number): number {
  return (screenY - view.shiftY) / view.scale;
}

export function screenX(view: View, world: number): number {
  return world * view.scale + view.shiftX;
}

export function screenY(view: View, world: number): number {
  return world * view.scale + view.shiftY;
}

/** A view between two others; `t` runs from 0 to 1. The scale moves evenly to the eye. */
export function between(from: View, to: View, t: number): View {
  const scale = from.scale * (to.scale / from.scale) ** t;
  // The shift follows the scale, or the map would swing sideways while it zooms.
  const near = Math.abs(to.scale - from.scale) < from.scale * 1e-6;
  const share = near ? t : (scale - from.scale) / (to.scale - from.scale);
  return {
    scale,
    shiftX: from.shiftX + (to.shiftX - from.shiftX) * share,
    shiftY: from.shiftY + (to.shiftY - from.shiftY) * share,
  };
}
