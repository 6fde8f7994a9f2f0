import type { Chart } from '@holdfast/db/model';
import { assembleChart } from './assemble.ts';
import { ChartError } from './chart-error.ts';
import { currencySchema } from './chart-schema.ts';
import type { Draft, DraftSection } from './draft.ts';
import { parseJsonText } from './json-text.ts';
import { didYouMean } from './nearest.ts';
import { planDraft } from './plan/plan-draft.ts';
import { pretixDraft } from './pretix/pretix-draft.ts';
import { parsePrice } from './price.ts';

/** What may be said beside a plan. */
export type BuildOptions = {
  /** Replaces the plan's name. */
  readonly name?: string;
  /** ISO 4217, for plans without one (pretix); a Holdfast plan carries its own. */
  readonly currency?: string;
  /** Category name -> decimal price such as `45.00`; replaces what the plan says. */
  readonly prices?: ReadonlyMap<string, string>;
};

export type BuiltPlan = {
  readonly chart: Chart;
  /** Whole sentences for the author; the chart is usable all the same. */
  readonly warnings: readonly string[];
};

/** What a seat costs where neither the plan nor an option says it, and the currency of such plans. */
const DEFAULT_PRICE_UNITS = '30';
const DEFAULT_CURRENCY = 'EUR';
/** Places of overlapping seats that a warning names. */
const OVERLAPS_NAMED_MAX = 3;

/**
 * Text of a plan, in Holdfast's own format or pretix's, as a chart. Pure: the same text and options
 * give the same chart. Throws `ChartError` with place and advice; nothing is stored here.
 */
export function buildPlan(text: string, options: BuildOptions = {}): BuiltPlan {
  const read = readDraft(parseJsonText(text), options);
  const prices = options.prices ?? new Map<string, string>();
  const draft = { ...priced(read.draft, prices), name: options.name ?? read.draft.name };
  checkSections(draft.sections);
  const chart = assembleChart(draft);
  return { chart, warnings: [...read.warnings, ...overlaps(chart)] };
}

function readDraft(
  document: unknown,
  options: BuildOptions,
): { draft: Draft; warnings: readonly string[] } {
  if (isObject(document) && Object.hasOwn(document, 'format')) {
    const format = document['format'];
    if (format !== 'holdfast.plan/1') {
      const known = `${JSON.stringify(format).slice(0, 60)} is not known; this version reads "holdfast.plan/1" and pretix plans`;
      throw new ChartError('chart.format', 'format', known);
    }
    return readOwn(document, options);
  }
  if (isObject(document) && Array.isArray(document['zones'])) {
    return readPretix(document, options);
  }
  const message =
    'this is neither a Holdfast plan ("format": "holdfast.plan/1") nor a pretix plan ("zones": [...])';
  throw new ChartError('chart.format', '', message);
}

function readOwn(
  document: unknown,
  options: BuildOptions,
): { draft: Draft; warnings: readonly string[] } {
  const draft = planDraft(document);
  if (options.currency !== undefined && options.currency !== draft.currency) {
    const message = `the plan's prices are in ${draft.currency}; change the plan to sell in ${options.currency}`;
    throw new ChartError('chart.price', 'currency', message);
  }
  return { draft, warnings: [] };
}

function readPretix(
  document: unknown,
  options: BuildOptions,
): { draft: Draft; warnings: readonly string[] } {
  const currency = options.currency ?? DEFAULT_CURRENCY;
  if (!currencySchema.safeParse(currency).success) {
    throw new ChartError(
      'chart.price',
      '',
      `"${currency}" is not a currency code; write GBP or EUR`,
    );
  }
  const price = parsePrice(DEFAULT_PRICE_UNITS, currency, '');
  const { draft, warnings } = pretixDraft(document, currency, price);
  const open = draft.categories
    .map(({ name }) => name)
    .filter((name) => !options.prices?.has(name));
  if (open.length === 0) return { draft, warnings };
  const names = open.map((name) => `"${name}"`).join(', ');
  const warning = `pretix plans have no prices: ${names} cost ${DEFAULT_PRICE_UNITS} ${currency} a seat (say otherwise with --price "${open[0] ?? ''}=45")`;
  return { draft, warnings: [...warnings, warning] };
}

function priced(draft: Draft, prices: ReadonlyMap<string, string>): Draft {
  const names = draft.categories.map((category) => category.name);
  for (const name of prices.keys()) {
    if (names.includes(name)) continue;
    const known = didYouMean(name, names) || ` (there are ${names.join(', ')})`;
    throw new ChartError('chart.price', '', `no such category "${name}"${known}`);
  }
  return {
    ...draft,
    categories: draft.categories.map((category) => {
      const price = prices.get(category.name);
      if (price === undefined) return category;
      return { ...category, price: parsePrice(price, draft.currency, `price of ${category.name}`) };
    }),
  };
}

/** Sections and rows that carry one name twice would make labels that name two seats. */
function checkSections(sections: readonly DraftSection[]): void {
  const places = new Map<string, number>();
  for (const [at, section] of sections.entries()) {
    const before = places.get(section.id);
    if (before !== undefined) {
      const message = `"${section.id}" is also the id of sections[${before}]; every section needs its own`;
      throw new ChartError('chart.duplicate', `sections[${at}].id`, message);
    }
    places.set(section.id, at);
  }
}

/** Seats drawn on the very same spot cannot be told apart by eye or finger. */
function overlaps(chart: Chart): string[] {
  const places = new Set<string>();
  const doubled: string[] = [];
  for (const section of chart.sections) {
    for (const row of section.rows) {
      for (const [at, x] of row.x.entries()) {
        const place = `${x},${row.y[at] ?? 0}`;
        if (places.has(place))
          doubled.push(`${section.id} row ${row.name} seat ${row.numbers[at]}`);
        places.add(place);
      }
    }
  }
  if (doubled.length === 0) return [];
  const named = doubled.slice(0, OVERLAPS_NAMED_MAX).join('; ');
  return [`${doubled.length} seats lie exactly on top of others, such as ${named}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
