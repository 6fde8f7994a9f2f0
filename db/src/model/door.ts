/** The door of the model: pure and browser-safe, the words that every other part speaks. */
export * from './ambient.ts';
export * from './chart.ts';
export * from './clock-views.ts';
export * from './event-commands.ts';
export * from './feed-record.ts';
export * from './hold-commands.ts';
export * from './hold-record.ts';
export * from './hold-store.ts';
export * from './ids.ts';
export * from './line-text.ts';
export type { BudgetLevel, EventState } from './machine/event-state.ts';
export { createModelHoldStore, type ModelHoldStore } from './machine/model-hold-store.ts';
export * from './policy.ts';
export * from './position.ts';
export * from './quote.ts';
export * from './reply.ts';
export * from './seat-state.ts';
export * from './trail.ts';
