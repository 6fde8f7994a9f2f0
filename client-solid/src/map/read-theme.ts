import type { Category } from '@holdfast/db/model';
import type { MapTheme } from './map-painter.ts';
import { readPalette } from './palette.ts';

/** Reads the map's colours and font from the style sheet, as they apply to the element. */
export function readTheme(element: HTMLElement, categories: readonly Category[]): MapTheme {
  const style = getComputedStyle(element);
  const property = (name: string): string => style.getPropertyValue(name).trim();
  const fontFamily = style.fontFamily || 'sans-serif';
  return {
    palette: readPalette(property, categories),
    ground: {
      inkDark: property('--map-ink-dark'),
      inkLight: property('--map-ink-light'),
      paper: property('--map-paper'),
      fontFamily,
      strength: Number(property('--map-ground-strength')) || 1,
    },
    labels: { ink: property('--map-letter-ink'), paper: property('--map-paper'), fontFamily },
    ringColours: { ink: property('--map-letter-ink'), paper: property('--map-paper') },
  };
}
