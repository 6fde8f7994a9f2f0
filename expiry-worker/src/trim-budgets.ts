import type { EventId, HoldStore } from '@holdfast/db/model';

/** One call looks at about this many: a script must not keep Redis busy. */
export const BUDGETS_A_CALL = 500;
/** The rest waits for the next round. */
export const BUDGET_CALLS_MAX = 200;

/** Forgets budgets of unbought seat-time that have refilled, part by part; answers how many. */
export async function trimBudgets(
  store: Pick<HoldStore, 'trimBudget'>,
  event: EventId,
): Promise<number> {
  let [cursor, trimmed] = ['0', 0];
  for (let call = 0; call < BUDGET_CALLS_MAX; call += 1) {
    const reply = await store.trimBudget(event, { cursor, limit: BUDGETS_A_CALL });
    if (reply.outcome !== 'trimmed') break;
    trimmed += reply.count;
    cursor = reply.cursor;
    if (cursor === '0') break;
  }
  return trimmed;
}
