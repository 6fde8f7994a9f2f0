import type { HoldStore, Trail } from '@holdfast/db/model';

/**
 * A refused request changes nothing (I5): neither before it was refused nor after, when a command
 * that was long on its way arrives. Commands name the request that they were sent for.
 */
export type RefusalCheck = {
  /** An API refused the request. */
  refused(request: string, code: string): void;
  /** The same store; what it changes is noted on the way. */
  watch(store: HoldStore): HoldStore;
};

type Told = { readonly trail: Trail };

/** Outcomes that changed something for the request itself. */
const CHANGES: readonly string[] = ['placed', 'amended', 'released', 'revoked'];

export function createRefusalCheck(
  violate: (code: string, sentence: string) => void,
): RefusalCheck {
  const changed = new Map<string, string>();
  const refused = new Map<string, string>();
  const tell = (request: string, how: string): void => {
    const sentence = `Request ${request} was refused (${refused.get(request)}) and ${how} (I5).`;
    violate('refused.changed', sentence);
  };
  const watched =
    <Command extends Told, Reply extends { readonly outcome: string }, On>(
      run: (event: On, command: Command) => Promise<Reply>,
    ) =>
    async (event: On, command: Command): Promise<Reply> => {
      const reply = await run(event, command);
      const { requestId } = command.trail;
      if (!CHANGES.includes(reply.outcome)) return reply;
      changed.set(requestId, reply.outcome);
      if (refused.has(requestId)) tell(requestId, `${reply.outcome} something later`);
      return reply;
    };
  return {
    refused: (request, code) => {
      refused.set(request, code);
      const what = changed.get(request);
      if (what !== undefined) tell(request, `had ${what} something`);
    },
    watch: (store) => {
      const noting: Partial<HoldStore> = {
        place: watched((event, command) => store.place(event, command)),
        amend: watched((event, command) => store.amend(event, command)),
        release: watched((event, command) => store.release(event, command)),
        revoke: watched((event, command) => store.revoke(event, command)),
      };
      // Everything else is asked of the store itself; Object.create is typed as any.
      return Object.assign(Object.create(store) as HoldStore, noting);
    },
  };
}
