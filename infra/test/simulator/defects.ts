import type { HoldRecord, HoldStore, ModelHoldStore } from '@holdfast/db/model';
import { decodeFrame, encodeFrame } from '@holdfast/realtime-hub/protocol';
import type { TransportListener, ViewerTransport } from '@holdfast/realtime-hub/viewer';

/** Defects that the simulator must find. They are put in by the wiring of a test and exist only here. */

/** `place` without its holder check: it takes seats from whoever has them. */
export function placesOverOthers(model: ModelHoldStore): HoldStore {
  return {
    ...model,
    place: async (event, command) => {
      const { holders } = model.state(event);
      for (const seat of command.seats) {
        if (holders.get(seat)?.startsWith('h:') === true) holders.delete(seat);
      }
      return await model.place(event, command);
    },
  };
}

/** `place` without its cap. */
export function placesBeyondCap(model: ModelHoldStore): HoldStore {
  return {
    ...model,
    place: (event, command) => {
      const state = model.state(event);
      const { policy } = state;
      state.policy = { ...policy, maxSeats: command.seats.length };
      const reply = model.place(event, command);
      state.policy = policy;
      return reply;
    },
  };
}

/** `place` that does not look for the basket that its owner has already. */
export function placesSecondBaskets(model: ModelHoldStore): HoldStore {
  return {
    ...model,
    place: (event, command) => {
      const state = model.state(event);
      const { owned } = state;
      state.owned = new Set([...owned].filter((entry) => !entry.startsWith(`${command.owner}/`)));
      const reply = model.place(event, command);
      for (const entry of owned) state.owned.add(entry);
      return reply;
    },
  };
}

/** `release` that does not ask whose hold it is. */
export function releasesForAnybody(model: ModelHoldStore): HoldStore {
  return {
    ...model,
    release: (event, command) => {
      const { holds } = model.state(event);
      const hold = holds.get(command.holdId);
      if (hold !== undefined) holds.set(command.holdId, { ...hold, owner: command.owner });
      const reply = model.release(event, command);
      const after = holds.get(command.holdId);
      if (hold !== undefined && after !== undefined) {
        holds.set(command.holdId, { ...after, owner: hold.owner });
        model.state(event).owned.delete(`${hold.owner}/${command.holdId}`);
      }
      return reply;
    },
  };
}

/** `expire_due` that leaves what it ended to be ended once more. */
export function endsTwice(model: ModelHoldStore): HoldStore {
  const seen = new Set<string>();
  return {
    ...model,
    expireDue: async (event, command) => {
      const reply = await model.expireDue(event, command);
      const { holds, due } = model.state(event);
      for (const { holdId } of reply.outcome === 'swept' ? reply.ended : []) {
        const hold = holds.get(holdId);
        if (hold === undefined || seen.has(holdId)) continue;
        seen.add(holdId);
        holds.set(holdId, { ...hold, status: 'held' });
        due.set(holdId, hold.deadlineMs);
      }
      return reply;
    },
  };
}

/** What a hold lasts that was told before anybody asked the script. */
const GUESSED_TTL_MS = 20_000;

/** An API that answers 201 before the script has run. */
export function answersBeforeTheScript(store: HoldStore): HoldStore {
  return {
    ...store,
    place: async (event, command) => {
      const { owner, holdId, seats, quote, idemField, addressHash } = command;
      const now = await store.probe(event, { owner, idemField });
      void store.place(event, command).catch(() => undefined);
      if (now.outcome === 'event.loading') return { ...now, outcome: 'event.loading', entries: [] };
      const hold: HoldRecord = {
        ...{ owner, seats, quote, idemField, addressHash, status: 'held', rev: 1, extensions: 0 },
        ...{ placedAtMs: now.nowMs, deadlineMs: now.nowMs + GUESSED_TTL_MS, chargedMs: 0 },
        ...{ begunAtMs: 0, sentAtMs: 0, ops: [] },
      };
      return { ...now, outcome: 'placed', entries: [], holdId, hold };
    },
  };
}

/** `expire_due` that does not compare clocks: a jump ends holds before the time they were told. */
export function believesEveryClock(model: ModelHoldStore): HoldStore {
  return {
    ...model,
    expireDue: (event, command) => model.expireDue(event, { ...command, seen: null }),
  };
}

/** A release that the feed does not tell of. */
export function releasesInSilence(model: ModelHoldStore): HoldStore {
  return {
    ...model,
    release: async (event, command) => {
      const { holders } = model.state(event);
      const reply = await model.readHold(event, { holdId: command.holdId });
      const seats = reply.outcome === 'found' ? reply.hold.seats.slice(0, 1) : [];
      for (const seat of seats) holders.delete(seat);
      return await model.release(event, command);
    },
  };
}

/** Of every hundredth delta the reader takes the position and not the seats, without noticing. */
export function dropsEveryHundredth(): (message: string) => string {
  let heard = 0;
  return (message) => {
    heard += 1;
    if (heard % 100 !== 0) return message;
    const [form, event, epoch, entries = ''] = message.split('|');
    const empty = entries.split(';').map((entry) => entry.replace(/:[0-9.,]*$/, ':'));
    return [form, event, epoch, empty.join(';')].join('|');
  };
}

/** A viewer that ignores `prev`: it takes every frame as if nothing could be missing before it. */
export function ignoresPrev(transport: ViewerTransport): ViewerTransport {
  const credulous = (listener: TransportListener): TransportListener => ({
    opened: () => listener.opened(),
    lost: () => listener.lost(),
    refused: (refusal) => listener.refused(refusal),
    again: (refusal) => listener.again(refusal),
    beat: (text) => listener.beat(text),
    overview: (text) => listener.overview(text),
    sale: (message) => listener.sale(message),
    truth: (message) => listener.truth(message),
    notice: (notice) => listener.notice(notice),
    frame: (text) => {
      const frame = decodeFrame(text);
      listener.frame(frame.ok ? encodeFrame({ ...frame.value, prev: 0 }) : text);
    },
  });
  return {
    listen: (listener) => transport.listen(credulous(listener)),
    connect: () => transport.connect(),
    watch: (request, answer) => transport.watch(request, answer),
    close: () => transport.close(),
  };
}
