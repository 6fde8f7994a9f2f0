import type { HoldStore, ModelHoldStore } from '@holdfast/db/model';
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
