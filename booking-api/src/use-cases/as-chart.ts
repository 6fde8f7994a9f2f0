import type { Chart } from '@holdfast/db/model';
import type { ChartBody } from '../contract/door.ts';

/** What the schema infers, narrowed to the model's type: optional keys are absent, never `undefined`. */
export function asChart(body: ChartBody): Chart {
  return {
    ...body,
    areas: body.areas.map(({ radius, text, ...area }) => ({
      ...area,
      ...(radius === undefined ? {} : { radius }),
      ...(text === undefined ? {} : { text }),
    })),
    sections: body.sections.map((section) => ({
      ...section,
      rows: section.rows.map(({ labels, ...row }) =>
        labels === undefined ? row : { ...row, labels },
      ),
    })),
  };
}
