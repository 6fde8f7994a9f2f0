/**
 * Pointer and wheel input as map movements: one pointer drags, two pinch, the wheel zooms, and a
 * press that hardly moved is a tap. Works with mouse, touch and pen through pointer events.
 */
export type GestureListener = {
  pan(dx: number, dy: number): void;
  /** Zoom by `factor` around a point, in CSS pixels of the host. */
  zoom(factor: number, x: number, y: number): void;
  tap(x: number, y: number, kind: PointerKind): void;
  /** The mouse is over the point; null when it left or something is being dragged. */
  hover(point: { readonly x: number; readonly y: number } | null): void;
};

export type PointerKind = 'mouse' | 'touch';

/** A press that moves farther than this is a drag. A finger is less steady than a mouse. */
const DRAG_FROM_PX = { mouse: 5, touch: 10 } as const;
const WHEEL_ZOOM_PER_PX = 0.0016;
/** A trackpad pinch arrives as a wheel with ctrlKey and small steps. */
const PINCH_ZOOM_PER_PX = 0.01;
const WHEEL_LINE_PX = 16;
const WHEEL_STEP_MAX_PX = 240;

type Press = { x: number; y: number; readonly startX: number; readonly startY: number };

/** Starts listening; the returned function stops. */
export function listenToGestures(host: HTMLElement, listener: GestureListener): () => void {
  const presses = new Map<number, Press>();
  const stop = new AbortController();
  const { signal } = stop;
  let dragging = false;

  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const move = (event: PointerEvent): void => {
    const { x, y } = place(event);
    const press = presses.get(event.pointerId);
    if (press === undefined) {
      if (kindOf(event) === 'mouse') listener.hover({ x, y });
      return;
    }
    const before = { x: press.x, y: press.y };
    const away = Math.hypot(x - press.startX, y - press.startY);
    if (!dragging && away < DRAG_FROM_PX[kindOf(event)]) return;
    if (!dragging) {
      dragging = true;
      listener.hover(null);
    }
    [press.x, press.y] = [x, y];
    if (presses.size === 1) listener.pan(x - before.x, y - before.y);
    else pinch([...presses.values()], press, before, listener);
  };
  const lift = (event: PointerEvent, mayTap: boolean): void => {
    if (!presses.delete(event.pointerId) || presses.size > 0) return;
    const { x, y } = place(event);
    if (mayTap && !dragging) listener.tap(x, y, kindOf(event));
    dragging = false;
  };

  host.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      const { x, y } = place(event);
      presses.set(event.pointerId, { x, y, startX: x, startY: y });
      // A second finger makes it a pinch, however still both are held.
      if (presses.size > 1) dragging = true;
      host.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  host.addEventListener('pointermove', move, { signal });
  host.addEventListener('pointerup', (event) => lift(event, true), { signal });
  host.addEventListener('pointercancel', (event) => lift(event, false), { signal });
  // A release that nobody saw (a dialog, another window) must not leave a finger behind.
  host.addEventListener('lostpointercapture', (event) => lift(event, false), { signal });
  host.addEventListener('pointerleave', () => listener.hover(null), { signal });
  host.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { x, y } = place(event);
      listener.zoom(wheelFactor(event), x, y);
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}

function pinch(
  presses: readonly Press[],
  moved: Press,
  before: { readonly x: number; readonly y: number },
  listener: GestureListener,
): void {
  const other = presses.find((press) => press !== moved);
  if (other === undefined) return;
  const [middleX, middleY] = [(moved.x + other.x) / 2, (moved.y + other.y) / 2];
  listener.pan((moved.x - before.x) / 2, (moved.y - before.y) / 2);
  const span = Math.hypot(moved.x - other.x, moved.y - other.y);
  const spanBefore = Math.hypot(before.x - other.x, before.y - other.y);
  if (spanBefore > 0 && span > 0) listener.zoom(span / spanBefore, middleX, middleY);
}

function wheelFactor(event: WheelEvent): number {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : WHEEL_LINE_PX;
  const step = Math.max(-WHEEL_STEP_MAX_PX, Math.min(WHEEL_STEP_MAX_PX, event.deltaY * unit));
  return Math.exp(-step * (event.ctrlKey ? PINCH_ZOOM_PER_PX : WHEEL_ZOOM_PER_PX));
}

function kindOf(event: PointerEvent): PointerKind {
  return event.pointerType === 'mouse' ? 'mouse' : 'touch';
}
