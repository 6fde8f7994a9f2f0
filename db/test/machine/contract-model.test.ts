import { createModelHoldStore } from '@holdfast/db/model';
import { holdStoreContract } from './hold-store-contract.ts';

let timeMs = 1_800_000_000_000;
const store = createModelHoldStore({ nowMs: () => timeMs });

holdStoreContract(
  'reference model',
  async () => ({
    store,
    passTime: async (_event, ms) => {
      timeMs += ms;
    },
    budgets: async (event) => store.state(event).budgets,
  }),
  async () => undefined,
);
// The suite runs inside: holdStoreContract(...) calls .run() once its tests are named.
