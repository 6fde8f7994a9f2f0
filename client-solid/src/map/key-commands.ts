/** What a key means on the map, or null when it is none of the map's business. */
export type KeyCommand =
  | { readonly kind: 'move'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'choose' }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'fit' };

/** One press of a zoom key or button. */
export const ZOOM_STEP = 1.6;

export function keyCommand(key: string): KeyCommand | null {
  switch (key) {
    case 'ArrowLeft':
      return { kind: 'move', dx: -1, dy: 0 };
    case 'ArrowRight':
      return { kind: 'move', dx: 1, dy: 0 };
    case 'ArrowUp':
      return { kind: 'move', dx: 0, dy: -1 };
    case 'ArrowDown':
      return { kind: 'move', dx: 0, dy: 1 };
    case 'Enter':
    case ' ':
      return { kind: 'choose' };
    case '+':
    case '=':
      return { kind: 'zoom', factor: ZOOM_STEP };
    case '-':
      return { kind: 'zoom', factor: 1 / ZOOM_STEP };
    case '0':
      return { kind: 'fit' };
    default:
      return null;
  }
}
