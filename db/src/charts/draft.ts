/**
 * What every plan format is turned into before it becomes a chart: seats with places in the plan's
 * own coordinates, still grouped as the author grouped them. `assemble.ts` makes the chart.
 */
export type Draft = {
  readonly name: string;
  readonly currency: string;
  readonly categories: readonly DraftCategory[];
  readonly levels: readonly string[];
  readonly focal: DraftPoint | null;
  readonly areas: readonly DraftArea[];
  readonly sections: readonly DraftSection[];
};

/** Any finite number; the chart's coordinates are whole and start at 0. */
export type DraftPoint = { readonly x: number; readonly y: number };

export type DraftCategory = {
  readonly name: string;
  readonly colour: string;
  /** Minor units. */
  readonly price: number;
};

export type DraftSection = {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly rows: readonly DraftRow[];
};

export type DraftRow = { readonly name: string; readonly seats: readonly DraftSeat[] };

export type DraftSeat = {
  readonly x: number;
  readonly y: number;
  readonly number: string;
  /** Index into the categories. */
  readonly category: number;
  /** An aisle or another gap follows: the next seat of the row is no neighbour. */
  readonly breakAfter: boolean;
  readonly place: 'seat' | 'accessible' | 'companion';
  /** Only where it is not `<section>-<row>-<number>`. */
  readonly label?: string;
};

export type DraftArea = {
  readonly kind: 'polygon' | 'circle' | 'text';
  readonly points: readonly DraftPoint[];
  readonly radius?: number;
  readonly text?: string;
  readonly colour: string;
};
