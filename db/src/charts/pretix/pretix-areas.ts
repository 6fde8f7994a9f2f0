import { readColour } from '../colour.ts';
import type { DraftArea, DraftPoint } from '../draft.ts';
import { NAME_LENGTH_MAX } from '../limits.ts';
import type { PretixArea } from './pretix-schema.ts';

const AREA_COLOUR = '#d0d4da';
const TEXT_COLOUR = '#333333';
/** Points an ellipse is drawn with. */
const ELLIPSE_STEPS = 32;
const RADIANS = Math.PI / 180;

/** What pretix draws for one area: its shape, and its text on top. `origin` is the zone's place. */
export function pretixArea(area: PretixArea, origin: DraftPoint): DraftArea[] {
  const at = { x: origin.x + area.position.x, y: origin.y + area.position.y };
  const text = area.text?.text ?? '';
  const shape = shapeOf(area, at);
  if (text === '' || area.text === null) return shape;
  const middle = { x: at.x + area.text.position.x, y: at.y + area.text.position.y };
  const colour = readColour(area.text.color) ?? TEXT_COLOUR;
  return [
    ...shape,
    { kind: 'text', points: [middle], text: text.slice(0, NAME_LENGTH_MAX), colour },
  ];
}

function shapeOf(area: PretixArea, at: DraftPoint): DraftArea[] {
  const colour = readColour(area.color) ?? AREA_COLOUR;
  if (area.shape === 'circle' && area.circle) {
    return [{ kind: 'circle', points: [at], radius: area.circle.radius, colour }];
  }
  const outline = outlineOf(area);
  if (outline.length < 3) return [];
  const [cos, sin] = [Math.cos(area.rotation * RADIANS), Math.sin(area.rotation * RADIANS)];
  const points = outline.map(({ x, y }) => ({
    x: at.x + x * cos - y * sin,
    y: at.y + x * sin + y * cos,
  }));
  return [{ kind: 'polygon', points, colour }];
}

/** Corners round the area's position, before it is turned. */
function outlineOf(area: PretixArea): DraftPoint[] {
  switch (area.shape ?? 'rectangle') {
    case 'polygon':
      return area.polygon?.points ?? [];
    case 'ellipse':
      return ellipse(area.ellipse?.radius ?? { x: 0, y: 0 });
    case 'rectangle': {
      const width = area.rectangle?.width ?? area.width ?? 0;
      const height = area.rectangle?.height ?? area.height ?? 0;
      if (width === 0 || height === 0) return [];
      return [
        { x: 0, y: 0 },
        { x: width, y: 0 },
        { x: width, y: height },
        { x: 0, y: height },
      ];
    }
    default:
      return [];
  }
}

function ellipse(radius: DraftPoint): DraftPoint[] {
  if (radius.x === 0 || radius.y === 0) return [];
  return Array.from({ length: ELLIPSE_STEPS }, (_, step) => {
    const angle = (step / ELLIPSE_STEPS) * 2 * Math.PI;
    return { x: radius.x * Math.cos(angle), y: radius.y * Math.sin(angle) };
  });
}
