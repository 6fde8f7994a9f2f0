import type { MapSection } from './geometry.ts';
import { type LabelGround, labelPlace } from './label-place.ts';
import type { LabelSprite, LabelSprites } from './label-sprites.ts';
import type { Size } from './view.ts';

/** A label and where its middle stands, in CSS pixels of the host. */
export type PlacedLabel = { readonly sprite: LabelSprite; readonly x: number; readonly y: number };

type Wording = { readonly fontPx: number; textOf(section: MapSection): string };

/** In the order of preference; the whole map uses one, or it would look patched. */
const WORDINGS: readonly Wording[] = [
  { fontPx: 13, textOf: (section) => section.name },
  { fontPx: 13, textOf: (section) => section.id },
  { fontPx: 10, textOf: (section) => section.id },
];
/** A wording is used when this share of the sections has room for it. */
const FITTING_SHARE = 0.9;

export type SectionLabelPlan = LabelGround & {
  readonly sections: readonly MapSection[];
  readonly viewport: Size;
  readonly sprites: LabelSprites;
};

/** Names for the sections in sight: none that crosses another, and none where hardly any would fit. */
export function placeSectionLabels(plan: SectionLabelPlan): PlacedLabel[] {
  const { sections, view, viewport, sprites } = plan;
  const fits = ({ fontPx, textOf }: Wording, section: MapSection): boolean => {
    const { bounds } = section;
    const roomX = (bounds.maxX - bounds.minX) * view.scale;
    const roomY = (bounds.maxY - bounds.minY) * view.scale;
    return roomY >= fontPx && sprites.sprite(textOf(section), fontPx).textWidth <= roomX;
  };
  for (const wording of WORDINGS) {
    const fitting = sections.filter((section) => fits(wording, section));
    if (fitting.length < sections.length * FITTING_SHARE) continue;
    return withoutCrossing(
      fitting.flatMap((section) => placeLabel(section, wording, plan)),
      viewport,
    );
  }
  return [];
}

function placeLabel(
  section: MapSection,
  { textOf, fontPx }: Wording,
  plan: SectionLabelPlan,
): PlacedLabel[] {
  const { view, sprites } = plan;
  const sprite = sprites.sprite(textOf(section), fontPx);
  const place = labelPlace(section, { width: sprite.textWidth, height: fontPx }, plan);
  if (place === null) return [];
  const x = place.x * view.scale + view.shiftX;
  const y = place.y * view.scale + view.shiftY;
  return [{ sprite, x, y }];
}

function withoutCrossing(labels: readonly PlacedLabel[], viewport: Size): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const label of labels) {
    const { sprite, x, y } = label;
    const inSight =
      x > -sprite.width &&
      y > -sprite.height &&
      x < viewport.width + sprite.width &&
      y < viewport.height + sprite.height;
    if (inSight && !placed.some((other) => cross(label, other))) placed.push(label);
  }
  return placed;
}

function cross(a: PlacedLabel, b: PlacedLabel): boolean {
  return (
    Math.abs(a.x - b.x) < (a.sprite.textWidth + b.sprite.textWidth) / 2 &&
    Math.abs(a.y - b.y) < (a.sprite.height + b.sprite.height) / 2 - 4
  );
}
