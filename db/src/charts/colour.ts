/**
 * Colours as plans write them (`#f00`, `#FF0000`, `#ff0000cc`, `rgb(255, 0, 0)`, `red`) as `#rrggbb`, or null where
 * the text is none of these. Transparency is dropped.
 */
export function readColour(text: string): string | null {
  const value = text.trim().toLowerCase();
  const [, short] = /^#([0-9a-f]{3,4})$/.exec(value) ?? [];
  if (short !== undefined) {
    return `#${[...short.slice(0, 3)].map((digit) => digit + digit).join('')}`;
  }
  const [, long] = /^#([0-9a-f]{6})(?:[0-9a-f]{2})?$/.exec(value) ?? [];
  if (long !== undefined) return `#${long}`;
  const [, ...parts] = /^rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\b/.exec(value) ?? [];
  if (parts.length === 3) return `#${parts.map(hexByte).join('')}`;
  return NAMED_COLOURS.get(value) ?? null;
}

function hexByte(decimal: string): string {
  return Math.min(255, Number(decimal)).toString(16).padStart(2, '0');
}

/** The names that occur in plans drawn by hand; CSS has 148. */
const NAMED_COLOURS: ReadonlyMap<string, string> = new Map([
  ['black', '#000000'],
  ['white', '#ffffff'],
  ['gray', '#808080'],
  ['grey', '#808080'],
  ['silver', '#c0c0c0'],
  ['lightgray', '#d3d3d3'],
  ['lightgrey', '#d3d3d3'],
  ['darkgray', '#a9a9a9'],
  ['darkgrey', '#a9a9a9'],
  ['red', '#ff0000'],
  ['darkred', '#8b0000'],
  ['maroon', '#800000'],
  ['orange', '#ffa500'],
  ['gold', '#ffd700'],
  ['yellow', '#ffff00'],
  ['olive', '#808000'],
  ['lime', '#00ff00'],
  ['green', '#008000'],
  ['lightgreen', '#90ee90'],
  ['darkgreen', '#006400'],
  ['teal', '#008080'],
  ['cyan', '#00ffff'],
  ['aqua', '#00ffff'],
  ['blue', '#0000ff'],
  ['lightblue', '#add8e6'],
  ['darkblue', '#00008b'],
  ['navy', '#000080'],
  ['purple', '#800080'],
  ['violet', '#ee82ee'],
  ['fuchsia', '#ff00ff'],
  ['magenta', '#ff00ff'],
  ['pink', '#ffc0cb'],
  ['brown', '#a52a2a'],
]);
