import type { DraftArea, DraftPoint } from '../draft.ts';
import type { PlanArea } from './plan-schema.ts';

/** Points a rounded corner is drawn with. */
const CORNER_STEPS = 8;

/** What a plan draws under its seats, in the few kinds that a chart knows. */
export function planArea(area: PlanArea): DraftArea {
  switch (area.kind) {
    case 'polygon':
      return { kind: 'polygon', points: area.points, colour: area.colour };
    case 'circle':
      return { kind: 'circle', points: [area.at], radius: area.radius, colour: area.colour };
    case 'text':
      return { kind: 'text', points: [area.at], text: area.text, colour: area.colour };
    case 'box':
      return { kind: 'polygon', points: boxPoints(area), colour: area.colour };
  }
}

function boxPoints(box: Extract<PlanArea, { kind: 'box' }>): DraftPoint[] {
  const corner = Math.min(box.corner, box.width / 2, box.height / 2);
  const [right, down] = [box.width / 2 - corner, box.height / 2 - corner];
  const centres = [
    { x: box.at.x + right, y: box.at.y + down },
    { x: box.at.x - right, y: box.at.y + down },
    { x: box.at.x - right, y: box.at.y - down },
    { x: box.at.x + right, y: box.at.y - down },
  ];
  const steps = corner === 0 ? 0 : CORNER_STEPS;
  return centres.flatMap((centre, quarter) =>
    Array.from({ length: steps + 1 }, (_, step) => {
      const angle = (quarter + (steps === 0 ? 0 : step / steps)) * (Math.PI / 2);
      return {
        x: centre.x + corner * Math.cos(angle),
        y: centre.y + corner * Math.sin(angle),
      };
    }),
  );
}
