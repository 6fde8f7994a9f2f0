import { type EventId, type HoldStore, StoreUnavailableError } from '@holdfast/db/model';
import type { SimulatedStore } from './simulated-store.ts';
import type { StoreLink } from './store-link.ts';

/** What a director does to a process beside ending it. */
export type ProcessSwitches = {
  /** The look at the due index fails while this is true. */
  looksFail: boolean;
  /** It was told to drain and looks at nothing any more. */
  drains: boolean;
};

/** The store as a process sees it: every call takes the way there and back. */
export function createRemoteStore(
  { commands: store }: SimulatedStore,
  link: StoreLink,
  switches: ProcessSwitches,
): HoldStore {
  const sent =
    <Command, Reply>(
      what: string,
      run: (event: EventId, command: Command) => Promise<Reply>,
    ): ((event: EventId, command: Command) => Promise<Reply>) =>
    (event, command) =>
      link.call(what, () => run(event, command));
  return {
    place: sent('place', (event, command) => store.place(event, command)),
    amend: sent('amend', (event, command) => store.amend(event, command)),
    extend: sent('extend', (event, command) => store.extend(event, command)),
    release: sent('release', (event, command) => store.release(event, command)),
    expireDue: sent('expire', (event, command) => store.expireDue(event, command)),
    beginConfirm: sent('begin confirm', (event, command) => store.beginConfirm(event, command)),
    commit: sent('commit', (event, command) => store.commit(event, command)),
    reject: sent('reject', (event, command) => store.reject(event, command)),
    cancel: sent('cancel', (event, command) => store.cancel(event, command)),
    revoke: sent('revoke', (event, command) => store.revoke(event, command)),
    block: sent('block', (event, command) => store.block(event, command)),
    unblock: sent('unblock', (event, command) => store.unblock(event, command)),
    repair: sent('repair', (event, command) => store.repair(event, command)),
    sale: sent('sale', (event, command) => store.sale(event, command)),
    loadBegin: sent('load begin', (event, command) => store.loadBegin(event, command)),
    loadPart: sent('load part', (event, command) => store.loadPart(event, command)),
    loadEnd: sent('load end', (event, command) => store.loadEnd(event, command)),
    loadClose: sent('load close', (event, command) => store.loadClose(event, command)),
    newEpoch: sent('new epoch', (event, command) => store.newEpoch(event, command)),
    rebase: sent('rebase', (event, command) => store.rebase(event, command)),
    readHold: sent('read hold', (event, query) => store.readHold(event, query)),
    probe: sent('probe', (event, query) => store.probe(event, query)),
    catchUp: sent('catch up', (event, query) => store.catchUp(event, query)),
    trimEnded: sent('trim ended', (event, command) => store.trimEnded(event, command)),
    trimBudget: sent('trim budget', (event, command) => store.trimBudget(event, command)),
    trimFeed: sent('trim feed', (event, command) => store.trimFeed(event, command)),
    knownHolds: sent('known holds', (event, holds) => store.knownHolds(event, holds)),
    snapshot: (event) => link.call('snapshot', () => store.snapshot(event)),
    heads: (events) => link.call('heads', () => store.heads(events)),
    nextDue: (events) =>
      switches.looksFail
        ? Promise.reject(new StoreUnavailableError('the simulated look at the due index fails'))
        : link.call('next due', () => store.nextDue(events)),
  };
}
