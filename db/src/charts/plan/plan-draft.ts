import { ChartError } from '../chart-error.ts';
import type { Draft, DraftRow, DraftSeat, DraftSection } from '../draft.ts';
import { didYouMean } from '../nearest.ts';
import { placeOf } from '../place.ts';
import { parsePrice } from '../price.ts';
import { SeatBudget } from '../seat-budget.ts';
import { blockRows } from './block-rows.ts';
import { planArea } from './plan-areas.ts';
import { type Plan, type PlanSection, planSchema } from './plan-schema.ts';

/** Reads a `holdfast.plan/1` document. Throws `ChartError` naming the place. */
export function planDraft(document: unknown): Draft {
  const parsed = planSchema.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = placeOf(issue?.path ?? []);
    throw new ChartError('chart.invalid', place, issue?.message ?? 'not a plan');
  }
  const plan = parsed.data;
  const budget = new SeatBudget();
  return {
    name: plan.name,
    currency: plan.currency,
    categories: plan.categories.map(({ name, colour, price }, at) => ({
      name,
      colour,
      price: parsePrice(price, plan.currency, `categories[${at}].price`),
    })),
    levels: plan.levels,
    focal: plan.focal,
    areas: plan.areas.map(planArea),
    sections: plan.sections.map((section, at) =>
      planSection(plan, section, budget, `sections[${at}]`),
    ),
  };
}

function planSection(
  plan: Plan,
  section: PlanSection,
  budget: SeatBudget,
  place: string,
): DraftSection {
  const level = indexOf(plan.levels, section.level, 'level', `${place}.level`);
  const categories = plan.categories.map((category) => category.name);
  const whole = indexOf(categories, section.category, 'category', `${place}.category`);
  const rows = section.blocks.flatMap((block, at): DraftRow[] => {
    const inner = `${place}.blocks[${at}]`;
    const category =
      block.category === undefined
        ? whole
        : indexOf(categories, block.category, 'category', `${inner}.category`);
    return blockRows(block, plan, budget, inner).map((row) => ({
      name: row.name,
      seats: row.seats.map((seat): DraftSeat => ({ ...seat, category, place: 'seat' })),
    }));
  });
  const name = section.name ?? section.id;
  return { id: section.id, name, level, rows: markAccessible(rows, section, place) };
}

/** The rows with wheelchair places and companion seats marked. */
function markAccessible(rows: DraftRow[], section: PlanSection, place: string): DraftRow[] {
  const marked = [...rows];
  for (const [at, entry] of section.accessible.entries()) {
    const inner = `${place}.accessible[${at}]`;
    const names = marked.map((row) => row.name);
    const rowAt = indexOf(names, entry.row, 'row', `${inner}.row`);
    const row = marked[rowAt];
    if (row === undefined) continue;
    const kinds = new Map<string, DraftSeat['place']>();
    for (const number of entry.numbers) kinds.set(number, 'accessible');
    for (const number of entry.companions) kinds.set(number, 'companion');
    const numbers = row.seats.map((seat) => seat.number);
    for (const number of kinds.keys()) indexOf(numbers, number, 'seat', inner);
    marked[rowAt] = {
      name: row.name,
      seats: row.seats.map((seat) => ({ ...seat, place: kinds.get(seat.number) ?? seat.place })),
    };
  }
  return marked;
}

function indexOf(names: readonly string[], name: string, what: string, place: string): number {
  const at = names.indexOf(name);
  if (at >= 0) return at;
  const message = `no such ${what} "${name}"${didYouMean(name, names)}`;
  throw new ChartError('chart.invalid', place, message);
}
