/**
 * Seat shapes as signed distances: how far a point lies outside (positive) or inside (negative) of
 * a shape's edge, in units of half a seat's width, with the seat's centre at (0, 0). The distance
 * is also the antialiasing: coverage fades over the last pixel.
 */
export type Shape = (x: number, y: number) => number;

export function disc(radius: number): Shape {
  return (x, y) => Math.hypot(x, y) - radius;
}

export function ring(radius: number, width: number): Shape {
  return (x, y) => Math.abs(Math.hypot(x, y) - radius) - width / 2;
}

export function roundedBox(half: number, corner: number): Shape {
  return (x, y) => {
    const [awayX, awayY] = [Math.abs(x) - half + corner, Math.abs(y) - half + corner];
    const outside = Math.hypot(Math.max(awayX, 0), Math.max(awayY, 0));
    return outside + Math.min(Math.max(awayX, awayY), 0) - corner;
  };
}

/** A pen stroke of the given width through the points. */
export function stroke(points: readonly (readonly [number, number])[], width: number): Shape {
  return (x, y) => {
    let nearest = Infinity;
    for (let at = 1; at < points.length; at += 1) {
      const [fromX, fromY] = points[at - 1] ?? [0, 0];
      const [toX, toY] = points[at] ?? [0, 0];
      nearest = Math.min(nearest, segmentDistance(x, y, fromX, fromY, toX, toY));
    }
    return nearest - width / 2;
  };
}

/** Whatever lies in either shape. */
export function union(a: Shape, b: Shape): Shape {
  return (x, y) => Math.min(a(x, y), b(x, y));
}

function segmentDistance(
  x: number,
  y: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX * alongX + alongY * alongY;
  const share = length === 0 ? 0 : ((x - fromX) * alongX + (y - fromY) * alongY) / length;
  const near = Math.max(0, Math.min(1, share));
  return Math.hypot(x - fromX - alongX * near, y - fromY - alongY * near);
}
