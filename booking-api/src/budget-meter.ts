import type { BudgetLeft } from '@holdfast/db/model';
import { Counter, type Registry } from '@holdfast/infra/runtime';
import type { BudgetMeter } from './use-cases/hold-parts.ts';

/** How often budgets of unbought seat-time were felt; for honest shoppers both should stay near 0. */
export function createBudgetMeter(registry: Registry): BudgetMeter {
  const registers = [registry];
  const shortened = new Counter({
    name: 'holds_shortened_total',
    help: 'Holds placed with less time than the policy gives, since much was held without being bought',
    registers,
  });
  const refused = new Counter({
    name: 'holds_over_budget_total',
    help: 'Changes of holds refused because too much was held without being bought, by whose budget',
    labelNames: ['whose'] as const,
    registers,
  });
  return {
    shortened: () => shortened.inc(),
    refused: (whose: BudgetLeft['whose']) => refused.inc({ whose }),
  };
}
