import { createModelHoldStore } from '@holdfast/db/model';
import { tellHoldStories } from './hold-stories.ts';

tellHoldStories('changes of holds, on the model', async () => {
  let nowMs = 1_900_000_000_000;
  return {
    store: createModelHoldStore({ nowMs: () => nowMs }),
    advance: async (ms) => {
      nowMs += ms;
    },
  };
});
