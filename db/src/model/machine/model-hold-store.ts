import type { EventHead } from '../event-commands.ts';
import type { HoldStore } from '../hold-store.ts';
import type { EventId } from '../ids.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import { amend } from './amend.ts';
import { block, unblock } from './block.ts';
import { commit } from './commit.ts';
import { beginConfirm } from './confirm.ts';
import { type EventState, unloadedEvent } from './event-state.ts';
import { expireDue } from './expire-due.ts';
import { extend } from './extend.ts';
import { loadBegin, loadClose, loadEnd, loadPart, newEpoch, rebase, sale } from './life.ts';
import { place } from './place.ts';
import { catchUp, probe, readHold, snapshot } from './reads.ts';
import { cancel, reject } from './reject.ts';
import { release, revoke } from './release.ts';
import { repair } from './repair.ts';
import { beginStep, isLoading, type Step } from './step.ts';
import { trimBudget, trimEnded, trimFeed } from './trim.ts';

/** The hold machine in memory, with its insides open to audits and comparisons. */
export type ModelHoldStore = HoldStore & {
  /** The live state of an event; an unloaded one when it was never seen. */
  state(event: EventId): EventState;
};

/**
 * The reference model behind the same port as Redis. `nowMs` is its raw clock (what Redis TIME is
 * to the scripts); every call is one atomic step at that instant.
 */
export function createModelHoldStore({ nowMs }: { nowMs: () => number }): ModelHoldStore {
  const events = new Map<EventId, EventState>();
  const state = (event: EventId): EventState => {
    const known = events.get(event) ?? unloadedEvent(DEFAULT_POLICY);
    events.set(event, known);
    return known;
  };
  const run =
    <Command, Reply>(transition: (step: Step, command: Command) => Reply) =>
    async (event: EventId, command: Command): Promise<Reply> =>
      transition(beginStep(state(event), nowMs()), command);

  return {
    state,
    place: run(place),
    amend: run(amend),
    extend: run(extend),
    release: run(release),
    expireDue: run(expireDue),
    beginConfirm: run(beginConfirm),
    commit: run(commit),
    reject: run(reject),
    cancel: run(cancel),
    revoke: run(revoke),
    block: run(block),
    unblock: run(unblock),
    repair: run(repair),
    sale: run(sale),
    loadBegin: run(loadBegin),
    loadPart: run(loadPart),
    loadEnd: run(loadEnd),
    loadClose: run(loadClose),
    newEpoch: run(newEpoch),
    rebase: run(rebase),
    readHold: run(readHold),
    knownHolds: async (event, holds) => {
      const known = state(event).holds;
      return new Set(holds.filter((hold) => known.has(hold)));
    },
    probe: run(probe),
    snapshot: async (event) => snapshot(beginStep(state(event), nowMs())),
    catchUp: run(catchUp),
    trimEnded: run(trimEnded),
    trimBudget: run(trimBudget),
    trimFeed: run(trimFeed),
    heads: async (ids) => ids.map((event) => head(state(event))),
    nextDue: async (ids) =>
      ids.map((event) => {
        const known = state(event);
        if (isLoading(known)) return null;
        const dueAtMs = known.due.size === 0 ? null : Math.min(...known.due.values());
        return { nowMs: nowMs() + known.shiftMs, dueAtMs, clock: known.clock };
      }),
  };
}

function head(state: EventState): EventHead | null {
  if (isLoading(state)) return null;
  const { epoch, offset, chain, chartHash, seatCount, policy, version, shiftMs } = state;
  return {
    position: { epoch, offset, chain },
    chartHash,
    seatCount,
    sale: state.sale,
    policy,
    version,
    shiftMs,
  };
}
