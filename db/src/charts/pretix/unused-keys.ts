/**
 * Real pretix files carry keys that Holdfast has no use for. Each is told once, with the first place
 * it was seen at, so that an author who relies on one of them learns it.
 */

/** The keys that are read, by the kind of object; `size` is read as "the drawing's extent", which is measured. */
const READ_KEYS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['', new Set(['name', 'categories', 'zones', 'size'])],
  ['categories[]', new Set(['name', 'color'])],
  ['zones[]', new Set(['name', 'position', 'rows', 'areas'])],
  ['zones[].rows[]', new Set(['row_number', 'position', 'seats'])],
  ['zones[].rows[].seats[]', new Set(['seat_guid', 'seat_number', 'position', 'category'])],
  [
    'zones[].areas[]',
    new Set(
      'shape color rotation position polygon rectangle ellipse circle text width height'.split(' '),
    ),
  ],
]);

/** Keys told of; a file with more kinds of them than this is not a pretix plan. */
const TOLD_MAX = 40;
const KEY_LENGTH_MAX = 60;

/** One sentence for each unused key: `zones[].rows[].uuid is not used (first seen at ...)`. */
export function unusedKeys(document: unknown): string[] {
  const told = new Map<string, string>();
  visit(document, '', '', told);
  return [...told].map(
    ([key, place]) => `${key} is not used (first seen at ${place || 'the top'})`,
  );
}

function visit(value: unknown, kind: string, place: string, told: Map<string, string>): void {
  if (told.size >= TOLD_MAX || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) visit(item, `${kind}[]`, `${place}[${at}]`, told);
    return;
  }
  const read = READ_KEYS.get(kind);
  if (read === undefined) return;
  for (const [key, inner] of Object.entries(value)) {
    const inside = kind === '' ? key : `${kind}.${key}`;
    if (read.has(key)) visit(inner, inside, place === '' ? key : `${place}.${key}`, told);
    else {
      const name = inside.slice(0, KEY_LENGTH_MAX);
      if (!told.has(name) && told.size < TOLD_MAX) told.set(name, place);
    }
  }
}
