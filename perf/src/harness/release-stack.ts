/** Undoes what a figure began, last begun first; every step runs even if one fails. */
export type ReleaseStack = {
  /** Registers how to undo something and passes it on. */
  add<T>(thing: T, undo: (thing: T) => Promise<unknown> | unknown): T;
};

/** Runs `task` and then everything it registered. The task's error wins over those of undoing. */
export async function withReleases<T>(task: (releases: ReleaseStack) => Promise<T>): Promise<T> {
  const undos: (() => Promise<unknown> | unknown)[] = [];
  const errors: unknown[] = [];
  let value: T;
  try {
    value = await task({
      add: (thing, undo) => {
        undos.push(() => undo(thing));
        return thing;
      },
    });
  } finally {
    for (const undo of undos.toReversed()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'something could not be stopped');
  return value;
}
